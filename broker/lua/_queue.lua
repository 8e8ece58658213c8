-- Shared by the scripts that move conversations: ready, taken, ready again.
-- In front of this file stand the key functions (broker/keys.py), `call`, RING_ENVELOPE, _time.lua.

-- Seconds that a queue is kept after its last use, swept or not; the script behind this file sets it.
local retention_s

local function keep(...)
  for _, key in ipairs({...}) do call('EXPIRE', key, retention_s) end
end

-- A user joins the round at the queue's clock, or where the user's own virtual time already is:
-- who was served a moment ago does not overtake.
local function join_round(model, user)
  local round = tonumber(call('HGET', clock(model), 'round') or 0)
  local own = tonumber(call('ZSCORE', virtual(model), user) or 0)
  call('ZADD', ready(model), exact(math.max(round, own)), user)
end

-- A conversation becomes ready, or is held (_serving.lua) while its user has enough turns running.
-- A conversation that saw two of its workers die waits among the suspects, which run one
-- at a time: so a poison message cannot drag the same neighbours down with it for ever.
local function push(model, user, conversation, tries, at_head)
  if tries >= 2 then
    call('HINCRBY', clock(model), 'ready', 1)
    call('RPUSH', suspects(model), conversation)
    return keep(clock(model), suspects(model))
  end
  local queue = lane(model .. ':' .. user)
  local first = call(at_head and 'LPUSH' or 'RPUSH', queue, conversation) == 1
  if call('SISMEMBER', held(model), user) == 1 then return keep(queue) end
  call('HINCRBY', clock(model), 'ready', 1)
  if first or not call('ZSCORE', ready(model), user) then -- lanes may outlive the round
    join_round(model, user)
  end
  keep(clock(model), queue, ready(model))
end

-- How many conversations idle threads could take now: of the suspects one, when none runs.
local function takeable(model, waiting, running)
  local apart = call('LLEN', suspects(model))
  if apart == 0 then return waiting end
  return waiting - apart + (running and call('ZSCORE', leases(model), running) and 0 or 1)
end

-- Keep `rings waiting >= min(conversations to take, idle threads)`, from live data: so no wake
-- is lost between "none is ready" and "no ring is needed".
local function call_workers(model)
  local counts = call('HMGET', clock(model), 'ready', 'threads', 'suspect')
  local waiting = takeable(model, tonumber(counts[1] or 0), counts[3])
  if waiting <= 0 then return 0 end
  local idle = tonumber(counts[2] or 1) - call('ZCARD', leases(model))
  local missing = math.min(waiting, idle) - call('LLEN', ring(model))
  for _ = 1, missing do
    local id = T .. model .. ':' .. call('HINCRBY', clock(model), 'rung', 1)
    local envelope = string.gsub(RING_ENVELOPE, '@id@', (string.gsub(id, '%%', '%%%%')))
    envelope = string.gsub(envelope, '@queue@', (string.gsub(ring(model), '%%', '%%%%')))
    call('LPUSH', ring(model), envelope)
  end
  if missing > 0 then keep(ring(model)) end
  return missing
end

local function make_ready(conversation, model, user, tries, at_head)
  call('HSET', state(conversation), 'status', 'ready')
  call('HDEL', state(conversation), 'owner')
  push(model, user, conversation, tries, at_head)
end

-- A waiting conversation leaves its model's queue. Returns whether it was there: what is no longer
-- there is already on its way, or its keys have expired.
local function take_out(conversation, model, user)
  local apart = call('LREM', suspects(model), 0, conversation)
  local queue = lane(model .. ':' .. user)
  local removed = apart + call('LREM', queue, 0, conversation)
  if removed == 0 then return false end
  local place = call('EXISTS', queue) == 0 and call('ZSCORE', ready(model), user)
  if place then -- his next one does not overtake
    call('ZREM', ready(model), user)
    call('ZADD', virtual(model), place, user)
    keep(virtual(model))
  end
  local counted = call('SISMEMBER', held(model), user) == 1 and apart or removed
  if counted > 0 then call('HINCRBY', clock(model), 'ready', -counted) end
  return true
end

-- A waiting conversation goes from one model's queue to another's, which may have workers where
-- the first has none.
local function move(conversation, from, to, user, tries)
  if from == to then return end
  call('HSET', state(conversation), 'model', to)
  if not take_out(conversation, from, user) then return end
  push(to, user, conversation, tries, false)
  call_workers(to)
end
