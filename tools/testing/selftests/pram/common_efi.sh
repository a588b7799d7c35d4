# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the tests under UEFI share: what firmware has left, and is it the same.

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

EFI=/sys/firmware/efi
BGRT=/sys/firmware/acpi/bgrt
TPM_LOG=/sys/kernel/security/tpm0/binary_bios_measurements

mount -t efivarfs none $EFI/efivars
mount -t securityfs none /sys/kernel/security

# What more list_firmware lists
more_firmware=''

# What is read from firmware's memory, and is there after any kexec
list_firmware()
{
	# shellcheck disable=SC2086 # words are wanted
	find $EFI/efivars /sys/firmware/acpi/tables /sys/firmware/dmi $TPM_LOG \
		$more_firmware -type f -print0 2>/dev/null | sort -z |
		xargs -0 sha256sum
}

# And what lies in RAM that the firmware has had for itself while it booted. kexec(8)
# does not see that it is reserved, and puts images there, with nodes or without:
# only after kexec_file_load is it the same.
with_tables_in_ram()
{
	more_firmware="$EFI/runtime-map $BGRT"
	for dir in $EFI/esrt $EFI/mok-variables; do
		[ ! -d "$dir" ] || more_firmware="$more_firmware $dir"
	done
}

firmware_digest()
{
	list_firmware >/tmp/firmware
	digest /tmp/firmware
}

# What a test of the whole would not miss if none of it were there
check_firmware_there()
{
	check "there is UEFI" test -f $EFI/systab
	check "with variables" sh -c "[ -n \"\$(ls $EFI/efivars)\" ]"
	check "and a map of what it uses at run time" test -d $EFI/runtime-map/0
	check "a boot logo" test -s $BGRT/image
	check "all of it can be read" \
		[ "$(list_firmware | wc -l)" -gt 20 ]
	diag "$(list_firmware | wc -l) files of firmware," \
		"$(wc -c <$BGRT/image) bytes of logo"
	[ -d $EFI/esrt ] || diag "no ESRT"
	# Not every build of OVMF measures what it does
	if [ ! -e $TPM_LOG ] || [ "$(wc -c <$TPM_LOG)" = 0 ]; then
		diag "no log of events of the TPM"
	fi
}

# Where there is PRAM, for whoever looks into a difference
save_firmware()
{
	mount_pram firmware /mnt/firmware || bail "cannot mount pram=firmware"
	cp /tmp/firmware /mnt/firmware/list
	check "the list of firmware's files is saved" umount /mnt/firmware
}

# check_firmware_same DIGEST
check_firmware_same()
{
	check_eq "what firmware has left is the same" "$(firmware_digest)" \
		"$1" && return
	if node_exists firmware; then
		mount_pram firmware /mnt/firmware
		diff /mnt/firmware/list /tmp/firmware
		umount /mnt/firmware
	fi
}

# Nothing is wrong, and so PRAM says nothing of the kind
check_quiet()
{
	local line

	[ "$PRAM_GEN" = 1 ] || check "PRAM says something" \
		sh -c "dmesg -r | grep -q '^<[5-7]>\[[^]]*\] pram: '"
	line=$(dmesg -r | grep '^<[0-4]>\[[^]]*\] pram: ')
	check_empty "PRAM warns of nothing" "$line"
	kernel_log | grep 'memattr:' | while read -r line; do
		diag "$line"
	done
}
