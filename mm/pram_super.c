// SPDX-License-Identifier: GPL-2.0
/*
 * The page of the super block, and its ticket.
 */
#include "pram.h"

/* In the direct map; NULL: PRAM is off. It is set before any node can exist. */
struct pram_super *pram_super;

/**
 * pram_ticket - the random number of this kernel
 *
 * Drawn when it is asked for first, which is not so early that there would be no
 * random numbers.
 *
 * Context: pram_lock is held.
 * Return: the number, which is not 0.
 */
u64 pram_ticket(void)
{
	lockdep_assert_held(&pram_lock);
	while (!pram_super->ticket)
		pram_super->ticket = get_random_u64();
	return pram_super->ticket;
}

static void pram_super_init(struct pram_super *sb, u64 pfn)
{
	memset(sb, 0, sizeof(*sb));
	sb->head.magic = PRAM_SUPER_MAGIC;
	sb->head.pfn = pfn;
	sb->version = PRAM_VERSION;
	sb->size = offsetof(struct pram_super, reserved);
	sb->state = PRAM_SUPER_OPEN;
	sb->generation = pram_generation;
	strscpy(sb->release, init_utsname()->release);
	sb->head.csum = pram_csum(sb);
}

#define PRAM_SUPER_PIECE	SZ_2M
#define PRAM_MAX_PIECES		(SZ_16M / PRAM_SUPER_PIECE)

/* Of what is in ZONE_DMA; with 32 bits the highest piece */
static void *__init pram_alloc_piece(void)
{
	unsigned int nr = 0, max_nr = IS_ENABLED(CONFIG_64BIT) ? 1 : PRAM_MAX_PIECES;
	gfp_t gfp = GFP_KERNEL | GFP_DMA | __GFP_NOWARN;
	void *piece[PRAM_MAX_PIECES], *best = NULL;

	for (; nr < max_nr; nr++) {
		piece[nr] = alloc_pages_exact(PRAM_SUPER_PIECE, gfp);
		if (!piece[nr])
			break;
		best = max(best, piece[nr]);
		gfp |= __GFP_NORETRY;
	}
	while (nr--) {
		if (piece[nr] != best)
			free_pages_exact(piece[nr], PRAM_SUPER_PIECE);
	}
	return best;
}

/*
 * Low, where kexec places an image last, but not lowest: kexec-tools has small
 * things, such as a seed for the random number generator, that it places from
 * 1 MiB upwards, and images of 32 bits from 2 MiB. So the last page of a larger
 * piece; but any page will do.
 */
static unsigned long __init pram_alloc_super(void)
{
	const size_t size = PRAM_SUPER_PIECE;
	void *piece = NULL;

	if (IS_ENABLED(CONFIG_ZONE_DMA))
		piece = pram_alloc_piece();
	if (!piece)
		piece = alloc_pages_exact(size, GFP_KERNEL | GFP_DMA32 |
					  __GFP_NOWARN);
	if (!piece) {
		struct page *page = alloc_page(GFP_KERNEL);

		return page ? page_to_pfn(page) : 0;
	}
	free_pages_exact(piece, size - PAGE_SIZE);
	return PHYS_PFN(virt_to_phys(piece + size - PAGE_SIZE));
}

/**
 * pram_super_start - have a super block
 * @pfn: the page of the one that was taken over, in the set of preserved pages;
 *	0: there is none
 *
 * What was sealed is used up with that: nobody shall take it over again.
 *
 * Context: boot; may sleep.
 * Return: 0 or -ENOMEM, with a line in the log.
 */
int __init pram_super_start(unsigned long pfn)
{
	struct pram_super *sb;

	if (!pfn) {
		pfn = pram_alloc_super();
		if (!pfn || pram_map_add(pfn, 1, GFP_KERNEL)) {
			pr_err("off: no memory for the super block\n");
			return -ENOMEM;
		}
	}
	sb = pram_addr(pfn);
	pram_super_init(sb, pfn);
	pram_super = sb;
	return 0;
}

static bool pram_image_meets(const struct kimage *image, u64 pfn)
{
	u64 below = 0, above = U64_MAX;
	unsigned long i;

	for (i = 0; image && i < image->nr_segments; i++) {
		u64 start = PHYS_PFN(image->segment[i].mem);
		u64 end = PFN_UP((u64)image->segment[i].mem +
				 image->segment[i].memsz);

		if (pfn >= start && pfn < end)
			return true;
		if (start >= end)
			continue;
		if (pfn < start)
			above = min(above, start);
		else
			below = max(below, end);
	}
	/* Or be between two of its segments? */
	return below && above - below < PRAM_IMAGE_GAP && !image->file_mode;
}

/**
 * pram_super_meets - would an image be copied over the super block?
 * @image: the image
 *
 * Context: kexec_lock is held.
 * Return: whether it would.
 */
bool pram_super_meets(const struct kimage *image)
{
	return pram_image_meets(image, pram_super->head.pfn);
}

/*
 * A page that neither @image nor the one that is loaded will overwrite. Low, if it
 * can be had, as before.
 */
static struct folio *pram_alloc_elsewhere(const struct kimage *image)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN;
	struct folio *held = NULL;
	struct folio *folio = NULL;

	if (IS_ENABLED(CONFIG_ZONE_DMA))
		folio = pram_alloc_outside(0, gfp | GFP_DMA, &held);
	for (;;) {
		if (!folio)
			folio = pram_alloc_outside(0, gfp, &held);
		if (!folio || (!pram_image_meets(image, folio_pfn(folio)) &&
			       !pram_image_meets(kexec_image, folio_pfn(folio))))
			break;
		pram_hold_folio(folio, &held);
		folio = NULL;
		cond_resched();
	}
	pram_free_held(&held);
	return folio;
}

/**
 * pram_super_move - take the super block out of the way of an image
 * @image: the image
 *
 * It goes to where no page is forbidden either, which spares it another move if the
 * places of the image have been forbidden before. /sys/kernel/mm/pram/super says
 * something else after that.
 *
 * Context: kexec_lock and pram_lock are held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int pram_super_move(const struct kimage *image)
{
	struct pram_super *old = pram_super, *sb;
	struct folio *folio;
	u64 pfn;

	lockdep_assert_held(&pram_lock);
	folio = pram_alloc_elsewhere(image);
	if (!folio)
		return -ENOMEM;
	pfn = folio_pfn(folio);
	if (pram_map_add(pfn, 1, GFP_KERNEL)) {
		folio_put(folio);
		return -ENOMEM;
	}
	sb = pram_addr(pfn);
	memcpy(sb, old, sizeof(*sb));
	sb->head.pfn = pfn;
	sb->head.csum = pram_csum(sb);
	WRITE_ONCE(pram_super, sb);
	/* Not to be found again */
	pfn = old->head.pfn;
	memset(old, 0, sizeof(*old));
	pram_put_page(pfn);
	return 0;
}
