# From .env.example to /etc/mailwijzer/mailwijzer.env: the packaged paths, and whose file it is.
1,/The environment wins over this file/c\
# Settings of Mailwijzer. mailwijzer.service gets a copy of this file when it starts, so a change needs a\
# restart. For a command: cd /etc/mailwijzer && runuser -u mailwijzer -- mailwijzer check
s|^DATABASE_URL=.*|DATABASE_URL=sqlite:/var/lib/mailwijzer/mailwijzer.db|
s|^#\{0,1\}FLOW=.*|FLOW=/usr/share/mailwijzer/flows/mailkeuze.json|
s|^#\{0,1\}BUSINESS=.*|BUSINESS=/etc/mailwijzer/business.json|
s|^#\{0,1\}LOCALES=.*|LOCALES=/usr/share/mailwijzer/locales|
