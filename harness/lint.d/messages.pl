#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# messages.pl GUIDE FILE...: the messages of FILEs that GUIDE does not have. A
# message is the format of a pr_*() or of an error of a mount; with a word of the
# guide for each conversion, it must be one of its terms (``...`` in the first
# column). So must be all reasons, which are strings
# that functions return or assign to "why", but anywhere in the guide.

use strict;
use warnings;

sub slurp
{
	my ($file) = @_;

	open(my $in, '<', $file) or die "$file: $!\n";
	local $/;
	return scalar <$in>;
}

my $guide = shift or die "usage: messages.pl GUIDE FILE...\n";
my $text = slurp($guide);
my @terms;

for my $line ($text =~ /^(``.*)$/mg) {
	push @terms, $line =~ /``(.*?)``/g;
}
$text =~ s/[`*]+//g;
$text =~ s/\s+/ /g;

my $string = qr/"((?:[^"\\]|\\.)*)"/;

for my $file (@ARGV) {
	my $code = slurp($file);

	while ($code =~ /\b(?:pr_(?:emerg|alert|crit|err|warn|notice|info)(?:_once|_ratelimited)?|(?:errorf|invalf|warnf|invalfc|errorfc|warnfc)|warn|error|pram_refuse)\((?:fc,\s*)?\s*$string/g) {
		my $format = $1;
		# pram_refuse() puts this in front of it
		my $front = $& =~ /^pram_refuse/ ? "kexec refused: " : "";
		my $line = 1 + substr($code, 0, $-[0]) =~ tr/\n//;

		$format = $front . $format;
		$format =~ s/\\n$//;
		$format =~ s/\\"/"/g;
		my $match = join('\S+', map { quotemeta }
			split(/%[-+ #0]*[\d.*]*(?:hh|h|ll|l|z)?(?:pd\d?|pa|[a-zA-Z])/, $format, -1));
		grep { /^$match$/ } @terms or
			print "$file:$line: the guide does not explain: $format\n";
	}
	while ($code =~ /\b(?:return|why =|\?|:)\s*$string\s*[;:]/g) {
		my $reason = $1;
		my $line = 1 + substr($code, 0, $-[0]) =~ tr/\n//;

		next if index(lc $text, lc $reason) >= 0;
		print "$file:$line: the guide does not have the reason: $reason\n";
	}
}
