-- A piece of the answer for whoever watches; kept as the text so far for whoever comes later.
-- ARGV: conversation, fence, piece, delta, channel, seconds to keep
-- Returns 1, or 0 when the fence is no longer current
local conversation, fence = ARGV[1], ARGV[2]
local fields = call('HMGET', state(conversation), 'fence', 'status')
if fields[1] ~= fence or fields[2] ~= 'leased' then return 0 end
call('APPEND', partial(conversation), ARGV[3])
call('EXPIRE', partial(conversation), ARGV[6])
call('PUBLISH', deltas(ARGV[5]), ARGV[4])
return 1
