-- A worker thread's whole life in one script: commit the turn that it ran, if any, and take
-- the next conversation, if it wants one. One round trip a turn.
-- ARGV: model, owner, take (1 or 0), lease s, most messages, history turns,
--       then of the turn to commit: conversation, fence, messages consumed, turn, reply,
--       channel, turns kept, retention s, replace the last turn (1), told of dropped turns (1),
--       set aside (1); an empty turn is not remembered
-- Returns {outcome of the commit: none | committed | fenced, claim…}
local model, owner, wants = ARGV[1], ARGV[2], ARGV[3] == '1'
local lease_s, most_messages, history_turns = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local time = now()
local frees_suspect = false -- the turn that ends was a suspect's: another suspect may run now

-- The measured time of a turn, smoothed: what submit expects of the queue.
local function learn_turn_time(taken_at)
  local took = math.max(0, time - tonumber(taken_at))
  local mean = tonumber(call('HGET', clock(model), 'turn_s') or took)
  call('HSET', clock(model), 'turn_s', exact(mean + 0.1 * (took - mean)))
end

local function set_aside(conversation, consumed, retention_s)
  for _, message in ipairs(call('LRANGE', inbox(conversation), 0, consumed - 1)) do
    call('RPUSH', aside(model), message)
  end
  call('EXPIRE', aside(model), retention_s)
end

local function remember(conversation, turn, most_turns, replace, retention_s)
  if replace then call('RPOP', history(conversation)) end
  local turns = call('RPUSH', history(conversation), turn)
  if turns > most_turns then call('LTRIM', history(conversation), -most_turns, -1) end
  call('EXPIRE', history(conversation), retention_s)
end

local function send(reply, channel, retention_s)
  call('XADD', outbox(channel), '*', 'reply', reply)
  call('EXPIRE', outbox(channel), retention_s)
  call('PUBLISH', replies(channel), reply)
end

-- What is left to do in a conversation whose turn is over: idle, or ready again.
local function leave(conversation, chosen, user, careful)
  call('DEL', partial(conversation))
  if careful > 0 then call('HSET', state(conversation), 'careful', careful) end
  if call('EXISTS', inbox(conversation)) == 0 then
    call('HDEL', state(conversation), 'cancel', 'tries', 'taken_at', 'taken', 'status', 'owner')
    return
  end
  call('HDEL', state(conversation), 'cancel', 'tries', 'taken_at', 'taken')
  make_ready(conversation, chosen, user, 0, false)
  if chosen ~= model then call_workers(chosen) end
end

local function commit(conversation, fence, consumed, turn, reply, channel, most_turns, retention_s, replace, told, poison)
  local current, holder, status, chosen, user, tries, careful, taken_at = unpack(call('HMGET',
    state(conversation), 'fence', 'owner', 'status', 'model', 'user', 'tries', 'careful', 'taken_at'))
  -- Only the holder of the current fence, while its lease stands, may change anything.
  if current ~= fence or holder ~= owner or status ~= 'leased'
    or call('ZREM', leases(model), conversation) == 0 then return 'fenced' end
  learn_turn_time(taken_at)
  if poison then set_aside(conversation, consumed, retention_s) end
  call('LTRIM', inbox(conversation), consumed, -1)
  if turn ~= '' then remember(conversation, turn, tonumber(most_turns), replace, retention_s) end
  send(reply, channel, retention_s)
  if tonumber(tries or 0) >= 2 then
    call('HDEL', clock(model), 'suspect')
    frees_suspect = true
  end
  if told then call('HSET', state(conversation), 'told', '1') end
  if careful then call('HDEL', state(conversation), 'careful') end
  leave(conversation, chosen, user, tonumber(careful or 0) - consumed)
  call('EXPIRE', state(conversation), retention_s)
  return 'committed'
end

local outcome = 'none'
if ARGV[7] then
  outcome = commit(ARGV[7], ARGV[8], tonumber(ARGV[9]), ARGV[10], ARGV[11], ARGV[12], ARGV[13],
    ARGV[14], ARGV[15] == '1', ARGV[16] == '1', ARGV[17] == '1')
end
local claimed = wants and take(model, owner, time, lease_s, most_messages, history_turns)
if claimed then -- as many wait as before, and as many rings: but for a suspect
  if frees_suspect then call_workers(model) end
  return {outcome, unpack(claimed)}
end
if wants then
  call('DEL', ring(model)) -- there is none to take: pending rings are void
else
  call_workers(model)
end
return {outcome}
