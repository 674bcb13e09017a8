#!/bin/sh
# The command `guidance` on a server: as the service's own account, in the folder of its settings, with its secrets.
set -eu
PATH=$PATH:/usr/sbin:/sbin # where runuser is; cron does not look there

if [ "$(id -u)" = 0 ]; then
    exec runuser -u guidance -- "$0" "$@"
fi
if [ "$(id -un)" != guidance ]; then
    echo "Settings and reports belong to the account 'guidance'. Run: sudo guidance $*" >&2
    exit 1
fi
cd /var/lib/guidance
umask 077
export HOME=/var/lib/guidance GUIDANCE_SECRETS=/etc/guidance PYTHONDONTWRITEBYTECODE=1
export GUIDANCE_COMMAND='sudo guidance' GUIDANCE_START='sudo systemctl enable --now guidance'
exec /opt/guidance/current/bin/guidance "$@"
