#!/bin/bash
# File: packer/scripts/seal.sh
# Purpose: in the machine, last of all: nothing of the build and nothing of this one machine remains.
# The connection that it runs over lives until the machine is powered off.
set -euo pipefail

echo "[INFO] remove what is of this machine alone"
home=$(getent passwd root | cut -d: -f6)
rm -rf "$home/.ssh" "$home/.bash_history" /etc/ssh/ssh_host_*
rm -rf /var/lib/systemd/random-seed /var/lib/systemd/timesync /var/lib/dbus/machine-id
: >/etc/machine-id
find /var/log -type f -delete
rm -rf /var/log/journal /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/ldconfig
rm -rf /var/cache/debconf/*-old /var/lib/dpkg/*-old /etc/*- /tmp/* /var/tmp/*

# What was deleted must not be in the exported disk; unpacked, the disk is the build machine's.
if ! systemd-detect-virt --quiet --chroot; then fstrim --verbose /; fi
sync
