#!/bin/bash
# Whether the bot in this container can take messages: GET /readyz, by bash alone, which the image has anyway.
# Exit 0: yes. HTTP_LISTEN tells the port.
set -u
port=${HTTP_LISTEN##*:}
exec 3<>"/dev/tcp/127.0.0.1/${port:-8080}" || exit 1
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 5 _ code _ <&3 && [ "$code" = 200 ]
