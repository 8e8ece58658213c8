-- A piece of the answer for whoever watches; kept as the text so far for whoever comes later.
-- ARGV: conversation, fence, characters before the piece, piece, delta, channel, seconds to keep
-- Returns 1, or 0 when the fence is no longer current
local conversation, fence, offset, piece = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local fields = call('HMGET', state(conversation), 'fence', 'status')
if fields[1] ~= fence or fields[2] ~= 'leased' then return 0 end
call('PUBLISH', deltas(ARGV[6]), ARGV[5])

-- The text so far stays out of the append-only file: it is lossy on purpose, and at
-- `appendfsync always` every piece would wait for the disk. Without its start it is not kept.
redis.set_repl(redis.REPL_NONE)
if offset == 0 then
  call('SET', partial(conversation), piece, 'EX', ARGV[7])
elseif call('EXISTS', partial(conversation)) == 1 then
  call('APPEND', partial(conversation), piece)
end
return 1
