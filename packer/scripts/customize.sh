#!/bin/bash
# File: packer/scripts/customize.sh ROOT OVERLAY PACKAGES
# Purpose: on the build's machine, turns the unpacked Debian in ROOT into a base that starts and
# answers over SSH, and writes down in the file PACKAGES what it consists of.
set -euo pipefail
root=$1 overlay=$2 packages=$3

echo "[INFO] lay $overlay over $root"
cp -r --no-preserve=ownership "$overlay/." "$root/"

chroot "$root" systemctl --quiet enable systemd-networkd systemd-resolved ssh
chroot "$root" systemctl --quiet disable apt-daily.timer apt-daily-upgrade.timer
ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
# Made anew at the first boot of each machine.
: >"$root/etc/machine-id"
rm -f "$root"/etc/ssh/ssh_host_*

chroot "$root" update-initramfs -u -k all
# shellcheck disable=SC2016
chroot "$root" dpkg-query -W -f '${Package}\t${Version}\t${Architecture}\n' >"$packages"
rm -rf "$root"/var/cache/apt/*.bin "$root"/var/lib/apt/lists/* "$root"/var/log/*.log \
  "$root"/var/log/apt
