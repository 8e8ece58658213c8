-- Dedup, refuse or append, make ready, ring: one atomic step.
-- ARGV: conversation, user, message id, message, default model, most pending, dedup s,
--       retention s, messages a minute, longest wait s, what it interrupts (any: a running turn,
--       talk: one that is no task, or ''), the message's language or '', then language and model
--       of each route
-- Returns {status, detail}: accepted {expected wait in ms, 1: nobody serves the model and the user
--       has not been told}, duplicate, inbox_full, rate_limited {retry after ms},
--       overloaded {expected wait in ms}, paused {its end in ms}
local conversation, user, message_id, message = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local most_pending, dedup_s = tonumber(ARGV[6]), tonumber(ARGV[7])
local per_minute, longest_wait_s = tonumber(ARGV[9]), tonumber(ARGV[10])
local time = now()
retention_s = ARGV[8]
local NOBODY_S = 60 -- a worker that starts again is not missed

-- The model of a conversation that nobody chose one for: by the language that it began in.
local function routed(language)
  for i = 13, #ARGV, 2 do
    if ARGV[i] == language then return ARGV[i + 1] end
  end
  return ARGV[5]
end

-- What runs is at the head until it is answered.
local function runs_task()
  local readable, first = pcall(cjson.decode, call('LINDEX', inbox(conversation), 0) or '')
  return readable and (first.task or '') ~= ''
end

-- No worker of the model has been seen for a while; where there never was one, since it was asked.
local function nobody_serves(model)
  local seen = call('ZSCORE', living('all'), model)
  if not seen then
    call('HSETNX', clock(model), 'asked_at', exact(time))
    seen = call('HGET', clock(model), 'asked_at')
  end
  return time - tonumber(seen) > NOBODY_S
end

if call('ZSCORE', seen(conversation), message_id) then return {'duplicate', 0} end

local pause_ms = call('PTTL', paused(user))
if pause_ms > 0 then return {'paused', pause_ms} end

-- The generic cell rate algorithm: one number a user, the time when the allowance is whole again.
local whole_at
if per_minute > 0 then
  local step = 60 / per_minute
  whole_at = math.max(time, tonumber(call('GET', rate(user)) or 0)) + step
  local early = whole_at - 60 - time
  if early > 1e-6 then return {'rate_limited', math.ceil(early * 1000)} end
end

if call('LLEN', inbox(conversation)) >= most_pending then return {'inbox_full', 0} end

-- Only a model that somebody chose is kept from turn to turn; the default follows the settings.
local fields = call('HMGET', state(conversation), 'status', 'model', 'chosen', 'user', 'tries',
  'language')
local language = fields[6] or ARGV[12]
local status, model = fields[1], fields[3] or routed(language)
local waiting = tonumber(call('HGET', clock(model), 'ready') or 0)
local own = call('LLEN', lane(model .. ':' .. user))
if call('SISMEMBER', held(model), user) == 1 then waiting = waiting + own end
local turns = in_front(model, user, own, waiting)
local wait_s = wait_for(model, turns)
if not status and wait_s > longest_wait_s then return {'overloaded', math.ceil(wait_s * 1000)} end

if whole_at then call('SET', rate(user), exact(whole_at), 'EX', 61) end
if ARGV[13] and not fields[6] and language ~= '' then
  call('HSET', state(conversation), 'language', language)
end
call('ZADD', seen(conversation), exact(time), message_id)
call('ZREMRANGEBYSCORE', seen(conversation), '-inf', exact(time - dedup_s))
call('EXPIRE', seen(conversation), dedup_s)
call('RPUSH', inbox(conversation), message)
call('EXPIRE', inbox(conversation), retention_s)
if not status then
  call('HSET', state(conversation), 'user', user, 'model', model)
  make_ready(conversation, model, user, 0, false)
  call_workers(model)
elseif status == 'ready' then
  move(conversation, fields[2], model, fields[4], tonumber(fields[5] or 0))
elseif ARGV[11] == 'any' or ARGV[11] == 'talk' and not runs_task() then
  call('HSETNX', state(conversation), 'cancel', 'merge')
end
local tell = status ~= 'leased' and nobody_serves(model)
  and call('HSETNX', state(conversation), 'nobody', '1') or 0
call('EXPIRE', state(conversation), retention_s)
return {'accepted', math.ceil(wait_s * 1000), tell}
