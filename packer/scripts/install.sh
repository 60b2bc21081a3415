#!/bin/bash
# File: packer/scripts/install.sh
# Purpose: in the machine, lays the overlay over Debian and puts the release in its place.
# Needs: HANDRAIL_VERSION, /tmp/payload.tar.zst with rootfs/ and release/.
set -euo pipefail
payload=/tmp/payload.tar.zst
home=/opt/handrail/releases/$HANDRAIL_VERSION
unpacked=$(mktemp -d)

echo "[INFO] unpack the payload"
zstd -qdc "$payload" | tar -x --no-same-owner --same-permissions -C "$unpacked"

id handrail >/dev/null 2>&1 || useradd --system --user-group --no-create-home \
  --home-dir /var/lib/handrail --shell /usr/sbin/nologin handrail
install -d -m 0755 /opt/handrail /opt/handrail/releases
install -d -m 0000 /var/lib/handrail
rm -rf "$home"
mv "$unpacked/release" "$home"
ln -sfn "releases/$HANDRAIL_VERSION" /opt/handrail/current

echo "[INFO] lay the overlay over the system"
cp -r --preserve=mode "$unpacked/rootfs/." /
# It must survive the system: it lies with the data.
ln -sfn /var/lib/handrail/config/server.json /etc/handrail/server.json
rm -rf "$unpacked" "$payload"
echo "[INFO] Handrail $HANDRAIL_VERSION is in $home"
