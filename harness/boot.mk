# SPDX-License-Identifier: GPL-2.0
#
# MAKEFILES=harness/boot.mk make boot-objects BOOT_OBJECTS=...: single objects of
# the decompressor, which the kernel's Makefile builds as parts of bzImage only.
# BOOT_CFLAGS: further arguments for the compiler; those of W= do not get there.

# Only where the kernel's Makefile does not call itself once more
ifneq ($(filter --no-print-directory,$(MAKEFLAGS)),)
.PHONY: boot-objects
boot-objects: prepare
	$(Q)$(MAKE) $(build)=init include/generated/utsversion.h
	$(Q)$(MAKE) $(build)=arch/x86/boot/compressed ccflags-y='$(BOOT_CFLAGS)' \
		$(BOOT_OBJECTS)
endif
