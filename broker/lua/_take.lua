-- Taking the next conversations in fair order; shared by step.lua alone, in a file of its own
-- because it is the heart of the matter.

-- A suspect is free to run when no other suspect is running.
local function next_suspect(model)
  local running = call('HGET', clock(model), 'suspect')
  if running and call('ZSCORE', leases(model), running) then return nil end
  return call('LPOP', suspects(model))
end

-- Round-robin over users: the one with the least virtual time gives one conversation. A user
-- who has no more is remembered with a virtual time, until the round has passed it (sweep.lua).
-- Returns the conversation and the round's time, or nil when nobody waits.
local function next_in_round(model)
  local first = call('ZPOPMIN', ready(model))
  if not first[1] then return nil end
  local user, round = first[1], first[2]
  local queue = lane(model .. ':' .. user)
  local conversation = call('LPOP', queue)
  local has_more = call('EXISTS', queue) == 1
  call('ZADD', has_more and ready(model) or virtual(model), exact(tonumber(round) + 1), user)
  return conversation, round -- false: the lane expired; go on with the next user
end

local function add_all(list, items)
  list[#list + 1] = #items
  for _, item in ipairs(items) do list[#list + 1] = item end
end

-- Claim one conversation: a new fence, a lease, its pending messages and its last turns. Adds to the
-- answer: conversation, fence, tries, stop or '', told or '', older or '' (there are turns before
-- those that it brings), number of messages, the messages, number of turns, the turns. Returns
-- whether there was something to claim.
-- The fence is a time in microseconds: it stays unique even when the state has expired.
local function claim(answer, model, owner, conversation, time, lease_s, most_messages, history_turns,
    most_at_once)
  local fields = call('HMGET', state(conversation), 'model', 'user', 'tries', 'cancel', 'fence', 'told',
    'careful')
  local tries = tonumber(fields[3] or 0)
  -- The user chose another model meanwhile. (Without a user, the state had expired before.)
  if fields[2] and fields[1] ~= model then
    make_ready(conversation, fields[1], fields[2], tries, true)
    call_workers(fields[1])
    return false
  end
  -- After a death, those that were in flight go one at a time: so the one that kills is found.
  -- Stopped messages run no model: they end together, and what came after them does not.
  local stopped = tonumber(fields[4] or '')
  local most = stopped or (fields[7] and 1) or most_messages
  local messages = call('LRANGE', inbox(conversation), 0, most - 1)
  if #messages == 0 then
    call('HDEL', state(conversation), 'status', 'owner', 'cancel', 'tries', 'careful')
    return false
  end
  local fence = string.format('%.0f', math.max(time * 1e6, tonumber(fields[5] or 0) + 1))
  call('HSET', state(conversation), 'status', 'leased', 'owner', owner, 'queue', model,
    'fence', fence, 'taken', #messages)
  if fields[4] == 'merge' then call('HDEL', state(conversation), 'cancel') end -- this claim merges
  call('ZADD', leases(model), exact(time + lease_s), conversation)
  if tries >= 2 then call('HSET', clock(model), 'suspect', conversation) end
  if fields[2] then turn_begins(model, fields[2], most_at_once) end
  local turns = history_turns > 0 and call('LRANGE', history(conversation), -history_turns, -1) or {}
  local older = call('LLEN', history(conversation)) > history_turns and 'older' or ''
  for _, part in ipairs({conversation, fence, tries, stopped and 'stop' or '', fields[6] or '', older}) do
    answer[#answer + 1] = part
  end
  add_all(answer, messages)
  add_all(answer, turns)
  return true
end

-- Takes as many as are wanted, or as there are (then the count heals, should keys have expired), and
-- returns how many. The queue's own clock is written once for all of them.
local function take(answer, wanted, model, owner, time, lease_s, most_messages, history_turns)
  local taken, left, round = 0, 0, nil
  local has_suspects = call('EXISTS', suspects(model)) == 1
  local most_at_once = most_of_one(model)
  while taken < wanted do
    local conversation = has_suspects and next_suspect(model)
    if not conversation then
      local this_round
      conversation, this_round = next_in_round(model)
      if conversation == nil then break end
      round = this_round
    end
    if conversation then
      left = left + 1
      if claim(answer, model, owner, conversation, time, lease_s, most_messages, history_turns,
          most_at_once) then
        taken = taken + 1
      end
    end
  end
  if round then call('HSET', clock(model), 'round', round) end
  if taken < wanted then
    call('HSET', clock(model), 'ready', call('LLEN', suspects(model)))
  elseif left > 0 then
    call('HINCRBY', clock(model), 'ready', -left)
  end
  if left > 0 then keep(clock(model), ready(model), virtual(model), leases(model), serving(model)) end
  return taken
end
