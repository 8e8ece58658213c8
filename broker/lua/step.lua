-- A worker's whole life in one script: commit the turns that its threads have run, each refused
-- unless its own fence is current, and take the next conversations. One round trip for all the
-- turns that end at the same moment.
-- ARGV: model, owner, conversations wanted, lease s, most messages, history turns, turns kept,
--       retention s; then of every turn to commit: conversation, fence, messages consumed, turn,
--       reply, channel, id of the reply whose turn it replaces if that is the last or '',
--       told of dropped turns (1), set aside (1); an empty turn is not remembered
-- Returns one flat list, because Redis writes every nested one to the socket by itself: the outcome
--       of each commit (committed | fenced), then the claims one after the other (_take.lua)
local model, owner, wanted = ARGV[1], ARGV[2], tonumber(ARGV[3])
local lease_s, most_messages, history_turns = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local most_turns = tonumber(ARGV[7])
retention_s = ARGV[8]
local FIRST, FIELDS = 9, 9 -- where the turns begin, and the arguments of each
local MOST_ASIDE, MOST_POISONED = 20, 1000 -- messages of a conversation, conversations of a model
local STRIKES_S, FIRST_PAUSE_S = 3600, 300
local time = now()
local committed = 0
local frees_others = false -- a turn that ends lets another suspect, or more of its user, run now
local most = most_of_one(model)
local took = {} -- seconds that each turn took
local used = {} -- outboxes that got a reply

-- The measured time of a turn, smoothed: what submit expects of the queue.
local function learn_turn_times()
  if #took == 0 then return end
  local mean = tonumber(call('HGET', clock(model), 'turn_s') or took[1])
  for _, seconds in ipairs(took) do mean = mean + 0.1 * (seconds - mean) end
  call('HSET', clock(model), 'turn_s', exact(mean))
end

-- Each message that was set aside cost several workers their lives, and everybody some waiting. One
-- is bad luck; whoever sends more within an hour must pause, longer each time.
local function strike(user)
  local count = call('INCR', strikes(user))
  call('EXPIRE', strikes(user), STRIKES_S)
  if count == 1 then return end
  call('SET', paused(user), count, 'EX', math.min(STRIKES_S, FIRST_PAUSE_S * 2 ^ (count - 2)))
end

-- For a person to look at, until the user forgets them or their time is over. The latest are enough
-- to find the cause.
local function set_aside(conversation, consumed)
  for _, message in ipairs(call('LRANGE', inbox(conversation), 0, consumed - 1)) do
    call('RPUSH', aside(conversation), message)
  end
  call('LTRIM', aside(conversation), -MOST_ASIDE, -1)
  call('EXPIRE', aside(conversation), retention_s)
  call('ZADD', poisoned(model), exact(time), conversation)
  call('ZREMRANGEBYSCORE', poisoned(model), '-inf', exact(time - tonumber(retention_s)))
  call('ZREMRANGEBYRANK', poisoned(model), 0, -MOST_POISONED - 1)
  call('EXPIRE', poisoned(model), retention_s)
end

-- The worker may not have been able to read the last turn: then another one is meant.
local function is_last(conversation, reply_id)
  local readable, last = pcall(cjson.decode, call('LINDEX', history(conversation), -1) or '')
  return readable and type(last) == 'table' and last.reply_id == reply_id
end

local function remember(conversation, turn, replaces)
  if replaces ~= '' and is_last(conversation, replaces) then call('RPOP', history(conversation)) end
  local turns = call('RPUSH', history(conversation), turn)
  if turns > most_turns then call('LTRIM', history(conversation), -most_turns, -1) end
  call('EXPIRE', history(conversation), retention_s)
end

local function send(reply, channel)
  call('XADD', outbox(channel), '*', 'reply', reply)
  call('PUBLISH', replies(channel), reply)
  used[outbox(channel)] = true
end

-- What is left to do in a conversation whose turn is over: idle, or ready again.
local function leave(conversation, chosen, user, careful)
  call('DEL', partial(conversation))
  if careful > 0 then call('HSET', state(conversation), 'careful', careful) end
  if call('EXISTS', inbox(conversation)) == 0 then
    call('HDEL', state(conversation), 'cancel', 'tries', 'taken', 'nobody', 'status', 'owner')
    return
  end
  call('HDEL', state(conversation), 'cancel', 'tries', 'taken', 'nobody')
  make_ready(conversation, chosen, user, 0, false)
  if chosen ~= model then call_workers(chosen) end
end

local function commit(conversation, fence, consumed, turn, reply, channel, replaces, told, poison)
  local current, holder, status, chosen, user, tries, careful = unpack(call('HMGET',
    state(conversation), 'fence', 'owner', 'status', 'model', 'user', 'tries', 'careful'))
  -- Only the holder of the current fence, while its lease stands, may change anything.
  if current ~= fence or holder ~= owner or status ~= 'leased'
    or call('ZREM', leases(model), conversation) == 0 then return 'fenced' end
  committed = committed + 1
  took[committed] = math.max(0, time - tonumber(fence) / 1e6) -- the fence is the time of the take
  if poison then set_aside(conversation, consumed) end
  if poison and user and tries then strike(user) end -- without deaths it could not be read
  call('LTRIM', inbox(conversation), consumed, -1)
  if turn ~= '' then remember(conversation, turn, replaces) end
  send(reply, channel)
  if tonumber(tries or 0) >= 2 then
    call('HDEL', clock(model), 'suspect')
    frees_others = true
  end
  if user and turn_ends(model, user, most) then frees_others = true end
  call('HSET', state(conversation), 'over', fence)
  if told then call('HSET', state(conversation), 'told', '1') end
  if careful then call('HDEL', state(conversation), 'careful') end
  leave(conversation, chosen, user, tonumber(careful or 0) - consumed)
  call('EXPIRE', state(conversation), retention_s)
  return 'committed'
end

local answer = {}
for i = FIRST, #ARGV, FIELDS do
  answer[#answer + 1] = commit(ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3],
    ARGV[i + 4], ARGV[i + 5], ARGV[i + 6], ARGV[i + 7] == '1', ARGV[i + 8] == '1')
end
learn_turn_times()
for name in pairs(used) do
  -- Of a channel whose bot is gone, replies are kept as long as conversations.
  call('XTRIM', name, 'MINID', string.format('%.0f', (time - tonumber(retention_s)) * 1000))
  call('EXPIRE', name, retention_s)
end

local taken = 0
if wanted > 0 then
  taken = take(answer, wanted, model, owner, time, lease_s, most_messages, history_turns)
end
if taken < wanted then
  call('DEL', ring(model)) -- there is none to take: pending rings are void
elseif wanted == 0 or taken < committed or frees_others then
  call_workers(model) -- else as many wait as before, and as many rings
end
return answer
