-- One process at a time is on duty for a channel: take the duty, keep it, or leave it.
-- ARGV: channel, process, ms (0: leave)
-- Returns 1 when this process is on duty
local holder, ms = call('GET', duty(ARGV[1])), tonumber(ARGV[3])
if holder and holder ~= ARGV[2] then return 0 end
if ms == 0 then return call('DEL', duty(ARGV[1])) * 0 end
call('SET', duty(ARGV[1]), ARGV[2], 'PX', ms)
return 1
