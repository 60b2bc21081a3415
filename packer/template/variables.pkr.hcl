variable "version" {
  type        = string
  description = "Version of Handrail that the image holds."
}

variable "base_image" {
  type        = string
  description = "Bootable Debian disk (qcow2) that knows the build's SSH key."
}

variable "base_checksum" {
  type        = string
  description = "Checksum of the base image, as sha256:…"
}

variable "payload" {
  type        = string
  description = "Archive with the overlay and the release."
}

variable "ssh_key" {
  type        = string
  description = "Private key with which the machine is provisioned; sealing removes its public half."
}

variable "output_directory" {
  type        = string
  description = "Folder that Packer makes for the provisioned disk."
}

variable "disk_size" {
  type        = string
  description = "Size of the disk while it is provisioned, as 2200M."
}

variable "memory_mib" {
  type    = number
  default = 1024
}

variable "cpus" {
  type    = number
  default = 2
}

variable "accelerator" {
  type        = string
  default     = "tcg"
  description = "QEMU's accelerator. Said, not guessed: a /dev/kvm that opens may still not boot."
}
