-- Make conversations whose lease ran out ready again, count the threads that live, ring.
-- Any number of processes may sweep. The caller is a worker when it names itself.
-- ARGV: model, retention s, worker or '', its threads, seconds after which a silent worker is gone
-- Returns {leases that ran out, ready (without suspects), leased, threads alive, set aside}
local model, retention_s, worker, gone_s = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[5])
local time = now()

if worker ~= '' then
  call('ZADD', workers(model), exact(time + gone_s), worker)
  call('HSET', threads(model), worker, ARGV[4])
end
for _, gone in ipairs(call('ZRANGEBYSCORE', workers(model), '-inf', exact(time))) do
  call('ZREM', workers(model), gone)
  call('HDEL', threads(model), gone)
end
local alive = 0
for _, count in ipairs(call('HVALS', threads(model))) do alive = alive + tonumber(count) end
call('HSET', clock(model), 'threads', math.max(1, alive))

local lost = call('ZRANGEBYSCORE', leases(model), '-inf', exact(time), 'LIMIT', 0, 200)
for _, conversation in ipairs(lost) do
  call('ZREM', leases(model), conversation)
  local fields = call('HMGET', state(conversation), 'model', 'user')
  if fields[1] then
    local tries = call('HINCRBY', state(conversation), 'tries', 1)
    make_ready(conversation, fields[1], fields[2], tries, true)
    if fields[1] ~= model then call_workers(fields[1]) end
  end
end
for _, key in ipairs({clock(model), virtual(model), ready(model), leases(model), suspects(model),
  workers(model), threads(model), ring(model)}) do
  call('EXPIRE', key, retention_s)
end
call_workers(model)
local waiting = tonumber(call('HGET', clock(model), 'ready') or 0) - call('LLEN', suspects(model))
return {#lost, waiting, call('ZCARD', leases(model)), alive, call('LLEN', aside(model))}
