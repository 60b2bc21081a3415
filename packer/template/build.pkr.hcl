build {
  sources = ["source.qemu.appliance"]

  provisioner "file" {
    source      = var.payload
    destination = "/tmp/payload.tar.zst"
  }

  provisioner "shell" {
    environment_vars = ["HANDRAIL_VERSION=${var.version}"]
    scripts = [
      "packer/scripts/install.sh",
      "packer/scripts/services.sh",
      "packer/scripts/harden.sh",
    ]
  }

  # Alone and last: it removes the key that Packer would clean up with.
  provisioner "shell" {
    script     = "packer/scripts/seal.sh"
    skip_clean = true
  }
}
