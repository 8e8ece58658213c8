-- Make conversations whose lease ran out ready again, count the threads that live, ring.
-- Any number of processes may sweep. The caller is a worker when it names itself.
-- ARGV: model, retention s, worker or '', its threads, seconds after which a silent worker is gone,
--       lease s, most turns of one user at a time or 0: all threads but one,
--       the tasks that the worker's model can do
-- Returns {leases that ran out, conversations to take, leased, threads alive,
--          conversations with messages set aside}
local model, worker, gone_s, lease_s = ARGV[1], ARGV[3], tonumber(ARGV[5]), tonumber(ARGV[6])
retention_s = ARGV[2]
local time = now()
local AWAY_S, MOMENT_S = 1, 1

-- Nobody swept for a while: Redis was away, or all of us. Who holds a lease could not renew it
-- and gets a moment to do so, before its turn is made a second time.
local function everybody_was_away()
  local swept_at = tonumber(call('HGET', clock(model), 'swept_at') or time)
  call('HSET', clock(model), 'swept_at', exact(time))
  return time - swept_at > AWAY_S
end

-- Once a lease: sweeps may come so seldom that everybody always seems to have been away.
local function give_a_moment(conversation)
  local fence, given = unpack(call('HMGET', state(conversation), 'fence', 'moment'))
  if not fence or given == fence then return end
  call('HSET', state(conversation), 'moment', fence)
  call('ZADD', leases(model), exact(time + MOMENT_S), conversation)
end

-- The owner has swept long after the lease was last renewed. So it lives and knows nothing of this
-- claim: Redis's answer never reached it. (Only workers know how their times are noted.)
local function never_arrived(owner, due)
  local noted = gone_s > 0 and call('ZSCORE', workers(model), owner)
  return noted and noted - gone_s > due - lease_s / 2
end

-- Its messages that were in flight are taken one at a time from now on.
local function count_death(conversation, taken, careful)
  call('HSET', state(conversation), 'careful', math.max(taken, tonumber(careful or 0)))
  return call('HINCRBY', state(conversation), 'tries', 1)
end

if worker ~= '' then
  call('ZADD', workers(model), exact(time + gone_s), worker)
  call('HSET', threads(model), worker, ARGV[4])
  call('ZADD', living('all'), exact(time + gone_s), model)
  call('EXPIRE', living('all'), retention_s)
  call('SET', able(model), ARGV[8], 'EX', retention_s)
end
for _, gone in ipairs(call('ZRANGEBYSCORE', workers(model), '-inf', exact(time))) do
  call('ZREM', workers(model), gone)
  call('HDEL', threads(model), gone)
end
local alive = 0
for _, count in ipairs(call('HVALS', threads(model))) do alive = alive + tonumber(count) end
call('HSET', clock(model), 'threads', math.max(1, alive))
-- One thread is for whoever comes next. Without a worker nothing is known.
local most = tonumber(ARGV[7])
if most == 0 then most = math.max(1, alive - 1) end
if alive == 0 then most = nil end
if most then call('HSET', clock(model), 'most', most) else call('HDEL', clock(model), 'most') end

if everybody_was_away() then
  for _, conversation in ipairs(call('ZRANGEBYSCORE', leases(model), '-inf', exact(time))) do
    give_a_moment(conversation)
  end
end
local lost = call('ZRANGEBYSCORE', leases(model), '-inf', exact(time), 'LIMIT', 0, 200)
for _, conversation in ipairs(lost) do
  local due = tonumber(call('ZSCORE', leases(model), conversation))
  call('ZREM', leases(model), conversation)
  call('DEL', partial(conversation))
  local fields = call('HMGET', state(conversation), 'model', 'user', 'status', 'taken', 'careful',
    'tries', 'owner')
  if fields[3] == 'leased' then -- else its state expired under the lease
    local tries = tonumber(fields[6] or 0)
    if tries >= 2 then call('HDEL', clock(model), 'suspect') end -- it ran as the suspect
    if not never_arrived(fields[7], due) then
      tries = count_death(conversation, fields[4], fields[5])
    end
    make_ready(conversation, fields[1], fields[2], tries, true)
    if fields[1] ~= model then call_workers(fields[1]) end
  end
end
recount_serving(model, most)
call('ZREMRANGEBYSCORE', virtual(model), '-inf', call('HGET', clock(model), 'round') or 0)
keep(clock(model), virtual(model), ready(model), leases(model), suspects(model), workers(model),
  threads(model), ring(model), serving(model), held(model))
local least = call('ZCARD', ready(model)) + call('LLEN', suspects(model))
local counts = call('HMGET', clock(model), 'ready', 'suspect')
local waiting = tonumber(counts[1] or 0)
if waiting < least then -- the count expired; this much is sure, a take finds the rest
  waiting = least
  call('HSET', clock(model), 'ready', waiting)
end
call_workers(model)
return {#lost, takeable(model, waiting, counts[2]), call('ZCARD', leases(model)), alive,
  call('ZCARD', poisoned(model))}
