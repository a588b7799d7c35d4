// SPDX-License-Identifier: GPL-2.0
/*
 * marker IMAGE version N | marker IMAGE not FLAGS: change what the marker of a bzImage
 * says: the only version that it reads, or the flags of nodes that it cannot use.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* struct pram_marker */
struct marker {
	uint8_t		magic[16];
	uint32_t	version[2];
	uint32_t	inverse[2];
	uint32_t	cmdline_size;
	uint32_t	node_flags;
	uint32_t	more[6];
};

static const uint8_t magic[16] = {
	0x7f, 'P', 'R', 'A', 'M', 0xf0, 0x9b, 0x1c,
	'k', 'e', 'e', 'p', 's', 0xd3, 0x00, 0x8e
};

static int change(struct marker *marker, const char *what, uint32_t value)
{
	if (!strcmp(what, "version")) {
		marker->version[0] = value;
		marker->version[1] = value;
		marker->inverse[0] = ~value;
		marker->inverse[1] = ~value;
		return 0;
	}
	if (!strcmp(what, "not") && (marker->node_flags & value) == value) {
		marker->node_flags &= ~value;
		return 0;
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct stat st;
	char *image;
	off_t i;
	int fd;

	if (argc != 4)
		return 2;
	fd = open(argv[1], O_RDWR);
	if (fd < 0 || fstat(fd, &st)) {
		perror(argv[1]);
		return 1;
	}
	image = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (image == MAP_FAILED) {
		perror(argv[1]);
		return 1;
	}
	for (i = 0; i + (off_t)sizeof(struct marker) <= st.st_size; i++) {
		if (!memcmp(image + i, magic, sizeof(magic)))
			return change((struct marker *)(image + i), argv[2],
				      strtoul(argv[3], NULL, 0)) ? 1 : 0;
	}
	fprintf(stderr, "%s has no marker\n", argv[1]);
	return 1;
}
