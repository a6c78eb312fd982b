#!/bin/bash
# Builds the guest of the tests in a virtual machine: Debian 12 with the kernel's real drivers for scanners, relay
# boards and cameras, and what Lunas depends on in /opt/lunas/.venv. `make vm` runs this.
#
#   build.sh OUT PYTHON     OUT gets vmlinux, initrd.img and rootfs.ext4 (raw, sparse); Debian's packages stay in
#                           OUT/work, so that a second build takes half a minute. PYTHON compiles the wheels: a 3.11.
#
# The host's own boot is not touched: the kernel's package is downloaded and unpacked, never installed.
set -euo pipefail
[ "$(id -u)" = 0 ] || exec sudo "$0" "$@"
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/work/debs"
out=$(realpath "$1") python=$2
work=$out/work
lock=$here/../../../requirements.lock
megabytes=2000
export DEBIAN_FRONTEND=noninteractive
step() { printf '%4ds %s\n' "$SECONDS" "$*"; }

"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || {
  echo "expected a Python 3.11, as the guest's: its wheels are built here. Got $("$python" --version)." >&2; exit 1; }

step "kernel, unpacked"
image=$(apt-cache depends linux-image-amd64 | awk '/Depends:/{print $2; exit}')
[ -n "$image" ] || { apt-get update -qq; image=$(apt-cache depends linux-image-amd64 | awk '/Depends:/{print $2; exit}'); }
version=${image#linux-image-}
fetch() ( # PACKAGE: the path of its .deb
  cd "$work/debs"
  ls "$1"_*.deb >/dev/null 2>&1 || apt-get -o APT::Sandbox::User=root -qq download "$1"
  ls "$PWD/$1"_*.deb | tail -1
)
kernel=$work/kernel-$version
if [ ! -e "$kernel/done" ]; then
  rm -rf "$kernel"
  dpkg-deb -x "$(fetch "$image")" "$kernel"
  depmod -b "$kernel" "$version"
  touch "$kernel/done"
fi

step "Debian, in the background"
# mmdebstrap mounts /proc and /sys in a folder of its own and cleans up: never delete a tree that it may still work in.
packages=systemd-sysv,udev,kmod,dbus,python3,python3-venv,libzbar0,usbutils,procps,iproute2,qemu-guest-agent
base=$work/base-$(echo "$packages" | md5sum | cut -c1-8).tar debian=
if [ ! -e "$base" ]; then
  { mmdebstrap --mode=root --variant=minbase --quiet --include="$packages" \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' --aptopt='Apt::Install-Recommends "false"' \
      bookworm "$base.part.tar" > "$work/mmdebstrap.log" 2>&1 && mv "$base.part.tar" "$base"; } & debian=$!
  trap wait EXIT # whatever fails below, let it finish and unmount first
fi

compile() { # SOURCE MODULE FILE: build a module that Debian's kernel lacks
  [ -d "/usr/src/linux-headers-$version" ] || apt-get install -qq -y --no-install-recommends "linux-headers-$version" >/dev/null
  make -s -C "/usr/src/linux-headers-$version" M="$1" modules > "$work/$2.log" 2>&1 || { cat "$work/$2.log" >&2; exit 1; }
  cp "$1/$2.ko" "$3"
}

step "gpio-sim, the module behind which a test sees a pin"
pins=$work/gpio-sim-$version.ko
if [ ! -e "$pins" ]; then
  source=$work/gpio-sim
  rm -rf "$source"
  mkdir -p "$source"
  ( # tar stops early, so what feeds it ends by SIGPIPE: harmless
    set +o pipefail
    dpkg-deb --fsys-tarfile "$(fetch linux-source-6.1)" 2>/dev/null |
      tar xO ./usr/src/linux-source-6.1.tar.xz 2>/dev/null | xz -dc 2>/dev/null |
      tar xC "$source" --transform='s,.*/,,' --occurrence=1 \
        linux-source-6.1/drivers/gpio/{gpio-sim.c,gpiolib.h} linux-source-6.1/kernel/irq/irq_sim.c
  )
  # CONFIG_IRQ_SIM is off in Debian's kernel, so irq_sim.c is linked in; irq_to_desc() is not there for modules.
  sed -i 's/handle_simple_irq(irq_to_desc(\(.*\)));/generic_handle_irq(\1);/' "$source/irq_sim.c"
  mv "$source/gpio-sim.c" "$source/gpio-sim-main.c"
  printf 'obj-m := gpio-sim.o\ngpio-sim-y := gpio-sim-main.o irq_sim.o\n' > "$source/Makefile"
  compile "$source" gpio-sim "$pins"
fi

step "v4l2loopback, the module behind which a test is the camera"
loopback=$work/v4l2loopback-$version.ko
if [ ! -e "$loopback" ]; then
  source=$work/v4l2loopback
  rm -rf "$source"
  dpkg-deb -x "$(fetch v4l2loopback-dkms)" "$source"
  source=$(echo "$source"/usr/src/v4l2loopback-*)
  compile "$source" v4l2loopback "$loopback"
fi

step "wheels of requirements.lock"
rm -rf "$work/wheels"
"$python" -m pip wheel -q --require-hashes -w "$work/wheels" -r "$lock" 2> "$work/pip.log" ||
  { tail "$work/pip.log" >&2; exit 1; }

[ -z "$debian" ] || wait "$debian" || { tail -20 "$work/mmdebstrap.log" >&2; exit 1; }

step "guest: kernel modules"
root=$(mktemp -d "$work/root.XXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
chmod 755 "$root"
tar xpf "$base" -C "$root" --numeric-owner
modules=$root/lib/modules/$version
mkdir -p "$modules/extra"
cp "$kernel/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$modules/"
needed() { # MODULE...: the files of these and of what they depend on
  for module; do modprobe -d "$kernel" -S "$version" --show-depends "$module" 2>/dev/null || true; done |
    awk '$1 == "insmod" && !seen[$2]++ {print $2}'
}
needed virtio_pci virtio_blk virtio_net virtio_console virtio_rng ext4 autofs4 af_packet xhci-pci usbhid hid-generic \
    evdev usbserial ftdi_sio cdc_acm videodev videobuf2-v4l2 configfs uhid |
  while read -r file; do install -Dm644 "$file" "$modules/${file#*"/$version/"}"; done
cp "$loopback" "$modules/extra/v4l2loopback.ko"
cp "$pins" "$modules/extra/gpio-sim.ko"
depmod -b "$root" "$version"

step "guest: configuration"
echo door > "$root/etc/hostname"
printf '127.0.0.1 localhost door\n' > "$root/etc/hosts"
: > "$root/etc/machine-id"
: > "$root/etc/fstab"
rm -f "$root/etc/resolv.conf"
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
    fstrim.timer systemd-timesyncd.service systemd-binfmt.service proc-sys-fs-binfmt_misc.automount \
    getty@tty1.service systemd-pstore.service; do # nothing to do here, or slow on an emulated processor
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done

step "guest: /opt/lunas/.venv"
cp -r "$work/wheels" "$root/tmp/" # their hashes were checked when they were made
chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin /bin/sh -ec '
  python3 -m venv /opt/lunas/.venv
  /opt/lunas/.venv/bin/pip install -q --no-index --no-deps /tmp/wheels/*.whl'
rm -rf "$root"/tmp/* "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*

step "initrd: busybox and the modules that mount the root"
rd=$work/initrd
rm -rf "$rd"
mkdir -p "$rd"/{bin,dev,proc,sys,mnt,mod}
dpkg-deb --fsys-tarfile "$(fetch busybox-static)" | tar xO ./bin/busybox > "$rd/bin/busybox"
chmod 755 "$rd/bin/busybox"
install -m755 "$here/init" "$rd/init"
needed virtio_pci virtio_blk ext4 | while read -r file; do
  cp "$file" "$rd/mod/"
  basename "$file" >> "$rd/mod/order"
done
(cd "$rd" && find . | cpio -o -H newc --quiet) > "$out/initrd.img" # uncompressed: quicker on an emulated processor

step "kernel as plain ELF, which QEMU boots without a BIOS: eight seconds saved at each boot"
"$python" - "$kernel/boot/vmlinuz-$version" "$out/vmlinux" <<'PY'
import lzma, sys
data = open(sys.argv[1], "rb").read()
open(sys.argv[2], "wb").write(lzma.LZMADecompressor().decompress(data[data.index(b"\xfd7zXZ\0"):]))
PY

step "disk"
rm -f "$out/rootfs.ext4"
truncate -s "${megabytes}M" "$out/rootfs.ext4"
mkfs.ext4 -q -F -L lunas -m 0 -J size=16 -d "$root" "$out/rootfs.ext4"
step "done: kernel $version, $(du -h "$out/rootfs.ext4" | cut -f1) on disk"
