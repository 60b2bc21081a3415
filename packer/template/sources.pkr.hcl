source "qemu" "appliance" {
  disk_image       = true
  iso_url          = var.base_image
  iso_checksum     = var.base_checksum
  output_directory = var.output_directory
  vm_name          = "handrail.qcow2"
  format           = "qcow2"
  disk_size        = var.disk_size
  disk_interface   = "virtio"
  disk_discard     = "unmap"
  disk_cache       = "unsafe"
  # Exported once, and compressed then.
  disk_compression = false
  skip_compaction  = true

  accelerator = var.accelerator
  headless    = true
  memory      = var.memory_mib
  cpus        = var.cpus
  net_device  = "virtio-net"

  # Emulated, the machine needs minutes to answer.
  boot_wait              = "1s"
  communicator           = "ssh"
  ssh_username           = "root"
  ssh_private_key_file   = var.ssh_key
  ssh_timeout            = "20m"
  ssh_handshake_attempts = 300
  shutdown_command       = "systemctl poweroff"
  shutdown_timeout       = "10m"

  qemuargs = [
    ["-cpu", "max"],
    ["-serial", "file:${var.output_directory}.serial.log"],
    ["-device", "virtio-rng-pci"],
    # The machine reaches nothing, and nothing but this machine's loopback reaches it.
    ["-netdev", "user,id=user.0,restrict=on,hostfwd=tcp:127.0.0.1:{{ .SSHHostPort }}-:22"],
    ["-device", "virtio-net,netdev=user.0"],
  ]
}
