# Packer 1.7 and newer: `packer init packer/plugins` once. Older ones have the builder built in and
# refuse this block, which is why it lies apart from the template.
packer {
  required_plugins {
    qemu = {
      source  = "github.com/hashicorp/qemu"
      version = ">= 1.1.0"
    }
  }
}
