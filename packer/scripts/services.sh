#!/bin/bash
# File: packer/scripts/services.sh
# Purpose: in the machine, decides what is started: what the preset names, and nothing else.
set -euo pipefail

# A person logs in nowhere: tty1 and the serial line belong to Handrail's console.
systemctl --quiet mask getty@.service serial-getty@.service autovt@.service console-getty.service
# Nobody who connects a keyboard may restart the machine by three keys.
systemctl --quiet mask ctrl-alt-del.target
# The network comes up in its own time, and what needs it waits for it by itself.
systemctl --quiet mask systemd-networkd-wait-online.service

echo "[INFO] enable what the preset names"
systemctl --quiet preset-all
systemctl --quiet set-default multi-user.target
