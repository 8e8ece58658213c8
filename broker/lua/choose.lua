-- Choose the model of a conversation. A waiting conversation moves when it is next taken.
-- ARGV: conversation, model, retention s
call('HSET', state(ARGV[1]), 'model', ARGV[2])
call('EXPIRE', state(ARGV[1]), ARGV[3])
return 1
