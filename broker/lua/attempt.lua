-- About to send a part of a delivery: say what is known of it, and note the attempt if nothing is.
-- A client whose connection breaks asks again: its own mark, which is unique, tells it nothing new.
-- ARGV: delivery, part, mark of the attempt, seconds to keep
-- Returns what was known: '' or the earlier mark or the message's id
local known = call('HGET', sent(ARGV[1]), ARGV[2])
if known and known ~= ARGV[3] then return known end
call('HSET', sent(ARGV[1]), ARGV[2], ARGV[3])
call('EXPIRE', sent(ARGV[1]), ARGV[4])
return ''
