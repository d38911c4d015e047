#!/usr/bin/perl
# mutants.pl SOURCE DIRECTORY - writes DIRECTORY/<n>.c, each SOURCE with one
# condition changed, and prints a line for each: n, line, what became what.
#
# Changed are: a whole condition of an `if` (turned round, never, always), each
# operand of && and || (as if it were not there), each comparison (its
# opposite; with or without equality), `true` and `false`.
use strict;
use warnings;

my ($source, $directory) = @ARGV;
open(my $in, '<', $source) or die "$source: $!\n";
my $text = do { local $/; <$in> };
my $count = 0;

# The code alone: comments, strings, characters and includes become blanks.
my $code = $text;
$code =~ s{(/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|^\#[^\n]*)}
          {(my $s = $1) =~ s/[^\n]/ /g; $s}gemsx;

sub mutant {
	my ($from, $length, $new) = @_;
	my $old = substr($text, $from, $length);
	return if $old eq $new;
	my $line = 1 + (substr($text, 0, $from) =~ tr/\n//);
	my $file = ++$count;
	my $made = $text;

	substr($made, $from, $length) = $new;
	open(my $out, '>', "$directory/$file.c") or die "$directory: $!\n";
	print $out $made;
	close $out;
	if ($length <= 5) { # says little alone: the line it stands in
		my $start = rindex($text, "\n", $from) + 1;
		my $end = index($text, "\n", $from);

		$old = substr($text, $start, $end - $start);
		$new = substr($made, $start,
		    $end - $start + length($new) - $length);
	}
	s/\s+/ /g, s/^ | $//g for $old, $new;
	print "$file\t$line\t$old\t$new\n";
}

# Where the bracket that opens at $at closes.
sub closes {
	my ($at) = @_;
	my $depth = 0;

	for (my $i = $at; $i < length $code; $i++) {
		my $c = substr($code, $i, 1);
		$depth++ if $c eq '(';
		return $i if $c eq ')' && --$depth == 0;
	}
	die "$source: unbalanced\n";
}

# Operands of && and || directly within [$from, $to).
sub operands {
	my ($from, $to) = @_;
	my (@cuts, $depth);

	$depth = 0;
	for (my $i = $from; $i < $to; $i++) {
		my $c = substr($code, $i, 1);
		$depth++ if $c eq '(';
		$depth-- if $c eq ')';
		next if $depth;
		push @cuts, [$i, $1] if substr($code, $i) =~ /^(&&|\|\||\?|:)/;
		$i++ if @cuts && $cuts[-1][0] == $i && $cuts[-1][1] =~ /../;
	}
	return unless grep { $_->[1] =~ /&&|\|\|/ } @cuts;
	my $start = $from;
	my @all = (@cuts, [$to, '']);
	for my $k (0 .. $#all) {
		my $end = $all[$k][0];
		my $after = $all[$k][1];
		my $before = $k ? $all[$k - 1][1] : '';
		my $piece = substr($code, $start, $end - $start);
		my ($lead) = $piece =~ /^(\s*)/;
		my ($tail) = $piece =~ /(\s*)$/;
		my $at = $start + length $lead;
		my $length = $end - $at - length $tail;
		my $join = $before =~ /&&|\|\|/ ? $before
		    : $after =~ /&&|\|\|/ ? $after : '';
		mutant($at, $length, $join eq '&&' ? '1' : '0')
		    if $join ne '' && $length > 0;
		$start = $end + length $after;
	}
}

while ($code =~ /\bif \(/g) {
	my $open = $+[0] - 1;
	my $close = closes($open);
	my $inside = substr($text, $open + 1, $close - $open - 1);

	mutant($open + 1, length $inside, "!($inside)");
	mutant($open + 1, length $inside, "0 && ($inside)");
	mutant($open + 1, length $inside, "1 || ($inside)");
}
# Every bracket, and every `return` and assignment, may hold operands.
while ($code =~ /\(/g) {
	my $open = $-[0];
	my $close = closes($open);
	my $before = substr($code, 0, $open);

	if ($before =~ /\bfor $/) {
		my @parts = split /;/, substr($code, $open + 1,
		    $close - $open - 1), -1;
		my $at = $open + 1 + length($parts[0]) + 1;
		operands($at, $at + length $parts[1]);
	} else {
		operands($open + 1, $close);
	}
}
while ($code =~ /(\breturn\b|[^=!<>]=(?!=))([^;{}]*);/g) {
	operands($-[2], $+[2]);
}
my %other = ('==' => ['!='], '!=' => ['=='], '<' => ['<=', '>='],
    '<=' => ['<', '>'], '>' => ['>=', '<='], '>=' => ['>', '<']);
while ($code =~ /(?<=\s)(==|!=|<=|>=|<|>)(?=\s)/g) {
	my ($from, $operator) = ($-[1], $1);
	my $before = substr($code, 0, $from);

	next if $before =~ /\bfor \([^;]*;[^;]*$/; # it would run off the end
	mutant($from, length $operator, $_) for @{$other{$operator}};
}
while ($code =~ /\b(true|false)\b/g) {
	mutant($-[1], length $1, $1 eq 'true' ? 'false' : 'true');
}
