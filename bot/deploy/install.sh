#!/bin/sh
# Installs Staff Guidance as a service, or brings an installed one up to date. As root, from the project's folder:
#     sudo sh bot/deploy/install.sh
# Nothing is started or stopped, and settings, reports and secrets that are there stay as they are.
set -eu
umask 022 # the service's account reads and runs what is installed, whatever root's own habit is

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
[ "$(id -u)" = 0 ] || { echo "Run this as root: sudo sh $0" >&2; exit 1; }

id guidance >/dev/null 2>&1 ||
    useradd --system --user-group --home-dir /var/lib/guidance --no-create-home --shell /usr/sbin/nologin guidance
install -d -m 0700 -o guidance -g guidance /var/lib/guidance /etc/guidance
install -d -m 0755 /opt/guidance

# Each release lies in a folder of its own, so that the running one keeps its files, and the one before can come back.
before=$(readlink /opt/guidance/current || true)
release=/opt/guidance/$(date -u +%Y%m%d-%H%M%S)
sh "$here/build.sh" "$release" || { rm -rf "$release"; exit 1; }
ln -sfn "$release" /opt/guidance/new
mv -T /opt/guidance/new /opt/guidance/current
for old in /opt/guidance/2*; do
    [ "$old" = "$release" ] || [ "$old" = "$before" ] || pgrep -f "$old/" >/dev/null 2>&1 || rm -rf "$old"
done

install -D -m 0755 "$here/guidance.sh" /usr/local/bin/guidance
install -D -m 0644 "$here/guidance.service" /etc/systemd/system/guidance.service
[ ! -d /run/systemd/system ] || systemctl daemon-reload

cat <<'END'

Installed. Three folders: /opt/guidance (the program), /var/lib/guidance (settings and reports), /etc/guidance (secrets).

A first install:   sudo guidance manifest     and then the README, "From nothing to a working install"
An update:         sudo systemctl restart guidance
END
