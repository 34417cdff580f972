/** A process whose script handles events of one server, and fails at one of them. */

export const CONFIG = `global
    log stdout format raw local0 info
    tune.lua.bool-sample-conversion normal
    lua-load x.lua
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
mailers m
    mailer mail1 127.0.0.1:25
frontend fe
    bind :80
    default_backend be
backend be
    email-alert mailers m
    email-alert from from@example.com
    email-alert to to@example.com
    email-alert level info
    server srv1 10.0.0.1:80 check inter 500ms fall 2 rise 1
`

export const SCRIPT = `
core.register_task(function() core.wait() end)
core.register_init(function()
  print("hello")
  core.event_sub({ "SERVER_DOWN", "SERVER_UP" }, function(event, data)
    error("boom at " .. data.name)
  end)
end)
`
