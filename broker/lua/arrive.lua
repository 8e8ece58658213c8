-- An event of a platform arrives: keep it unless its id has been seen. Handled events are deleted.
-- ARGV: channel, event id, event, seconds to remember the id, seconds to keep the event
-- Returns 1, or 0 for an id that has been seen
local channel, id, time = ARGV[1], ARGV[2], now()
if call('ZSCORE', arrived(channel), id) then return 0 end
call('ZADD', arrived(channel), exact(time), id)
call('ZREMRANGEBYSCORE', arrived(channel), '-inf', exact(time - tonumber(ARGV[4])))
call('EXPIRE', arrived(channel), ARGV[4])
call('XADD', arrivals(channel), '*', 'id', id, 'event', ARGV[3])
call('EXPIRE', arrivals(channel), ARGV[5])
return 1
