-- Make conversations whose lease ran out ready again, count the threads that live, ring.
-- Any number of processes may sweep. The caller is a worker when it names itself.
-- ARGV: model, retention s, worker or '', its threads, seconds after which a silent worker is gone
-- Returns {leases that ran out, conversations to take, leased, threads alive, set aside}
local model, retention_s, worker, gone_s = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[5])
local time = now()

if worker ~= '' then
  call('ZADD', workers(model), exact(time + gone_s), worker)
  call('HSET', threads(model), worker, ARGV[4])
  call('ZADD', living('all'), exact(time + gone_s), model)
  call('EXPIRE', living('all'), retention_s)
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
  local fields = call('HMGET', state(conversation), 'model', 'user', 'status')
  if fields[3] == 'leased' then -- else its state expired under the lease
    local tries = call('HINCRBY', state(conversation), 'tries', 1)
    make_ready(conversation, fields[1], fields[2], tries, true)
    if fields[1] ~= model then call_workers(fields[1]) end
  end
end
for _, key in ipairs({clock(model), virtual(model), ready(model), leases(model), suspects(model),
  workers(model), threads(model), ring(model)}) do
  call('EXPIRE', key, retention_s)
end
local least = call('ZCARD', ready(model)) + call('LLEN', suspects(model))
local counts = call('HMGET', clock(model), 'ready', 'suspect')
local waiting = tonumber(counts[1] or 0)
if waiting < least then -- the count expired; this much is sure, a take finds the rest
  waiting = least
  call('HSET', clock(model), 'ready', waiting)
end
call_workers(model)
return {#lost, takeable(model, waiting, counts[2]), call('ZCARD', leases(model)), alive,
  call('LLEN', aside(model))}
