//! What was measured, as a table that can stand in the docs, and the goals.

use super::{
    histogram::median,
    rows::{
        BARE_CHECK, BARE_FORWARDED, BARE_FORWARDED_USUAL, BARE_HEADER, BARE_HEADER_USUAL, BARE_OBJECT, BARE_REFUSAL,
        BEARER_COLD, BEARER_HOT, BEARER_HOT_USUAL, FORGED, FORWARD_AUTH, FORWARDED, FORWARDED_USUAL, HONO, PROVIDER,
        SIGNED_STRICT, SIGNED_WRITES, STATIC, TOLD_FORWARDED, TOLD_FORWARDED_USUAL,
    },
};

/// A row in one round, and by turns with it the static reply to the same requests.
#[derive(Clone, Copy)]
pub struct Round {
    pub of: Figures,
    pub beside: Figures,
    pub kv_reads: f64,
    pub object_calls: f64,
}

#[derive(Clone, Copy)]
pub struct Figures {
    pub requests: f64,
    pub seconds: f64,
    pub p50_millis: f64,
    pub p99_millis: f64,
    /// Of all requests.
    pub cpu_micros: f64,
}

/// What one request takes.
type Cost = fn(&Figures) -> f64;
const SECONDS: Cost = |figures| figures.seconds;
const CPU_MICROS: Cost = |figures| figures.cpu_micros;

pub struct Measured {
    pub name: &'static str,
    /// Empty where it does not work; then this says why.
    pub rounds: Vec<Round>,
    pub absent: Option<String>,
}

pub struct Measurements(pub Vec<Measured>);

impl Measurements {
    fn find(&self, name: &str) -> Option<&Measured> {
        self.0.iter().find(|measured| measured.name == name && !measured.rounds.is_empty())
    }

    /// What a request of a row takes, as a ratio to one of the static reply: of the sums over all rounds, since garbage
    /// is collected in few rounds and made in all of them.
    fn to_static(&self, name: &str, cost: Cost) -> Option<f64> {
        let rounds = &self.find(name)?.rounds;
        Some(a_request(rounds, |round| &round.of, cost) / a_request(rounds, |round| &round.beside, cost))
    }

    /// The ratio of two rows, each against the static reply beside it, so that a machine that was busy with something
    /// else meanwhile changes it little.
    fn ratio(&self, name: &str, to: &str, cost: Cost) -> Option<f64> {
        let to = if to == STATIC { 1.0 } else { self.to_static(to, cost)? };
        Some(self.to_static(name, cost)? / to)
    }

    pub fn print(&self) {
        println!(
            "| request | requests/s | p50 ms | p99 ms | CPU µs a request | KV reads | object calls | requests/s to static | CPU to static |"
        );
        println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        for measured in &self.0 {
            if let Some(why) = &measured.absent {
                println!("| {} | not there: {why} | | | | | | | |", measured.name);
                continue;
            }
            let rounds = &measured.rounds;
            let middle = |millis: Cost| median(rounds.iter().map(|round| millis(&round.of)));
            let mean = |cost| a_request(rounds, |round| &round.of, cost);
            let requests: f64 = rounds.iter().map(|round| round.of.requests).sum();
            let calls = |count: fn(&Round) -> f64| rounds.iter().map(count).sum::<f64>() / requests;
            let to_static = |cost| self.to_static(measured.name, cost).unwrap_or(f64::NAN);
            println!(
                "| {} | {:.0} | {:.2} | {:.2} | {:.1} | {:.2} | {:.2} | {:.2} | {:.2} |",
                measured.name,
                1.0 / mean(SECONDS),
                middle(|figures| figures.p50_millis),
                middle(|figures| figures.p99_millis),
                mean(CPU_MICROS),
                calls(|round| round.kv_reads),
                calls(|round| round.object_calls),
                1.0 / to_static(SECONDS),
                to_static(CPU_MICROS),
            );
        }
    }

    pub fn print_goals(&self) {
        println!("\n| goal | requests/s | CPU a request | |");
        println!("|---|---:|---:|---|");
        for (name, to, at_least) in [
            (FORWARDED, BARE_FORWARDED, 0.75),
            (FORWARDED_USUAL, BARE_FORWARDED_USUAL, 0.75),
            (TOLD_FORWARDED, BARE_FORWARDED, 0.0),
            (TOLD_FORWARDED_USUAL, BARE_FORWARDED_USUAL, 0.0),
            (FORWARDED, TOLD_FORWARDED, 0.0),
            (FORWARDED_USUAL, TOLD_FORWARDED_USUAL, 0.0),
            (FORWARD_AUTH, BARE_CHECK, 0.85),
            (FORGED, BARE_REFUSAL, 0.92),
            (SIGNED_WRITES, BARE_HEADER, 0.82),
            (SIGNED_STRICT, BARE_OBJECT, 0.92),
            (BEARER_COLD, HONO, 1.0),
            (BEARER_HOT, BARE_HEADER, 0.95),
            (BEARER_HOT_USUAL, BARE_HEADER_USUAL, 0.95),
            (BEARER_HOT, PROVIDER, 3.0),
            (BARE_HEADER, STATIC, 0.0),
            (BARE_REFUSAL, STATIC, 0.0),
            (BARE_CHECK, STATIC, 0.0),
        ] {
            let wanted = if at_least > 0.0 { format!("≥ {at_least}") } else { "no goal".to_owned() };
            let what = format!("{name} to {to}: {wanted}");
            // The other way round, so that more is better.
            let speed = self.ratio(name, to, SECONDS).map(|ratio| 1.0 / ratio);
            let cost = self.ratio(name, to, CPU_MICROS).map(|ratio| 1.0 / ratio);
            let (Some(speed), Some(cost)) = (speed, cost) else {
                println!("| {what} | | | not measured |");
                continue;
            };
            println!("| {what} | {speed:.2} | {cost:.2} | {} |", verdict(speed.min(cost), at_least));
        }
    }
}

/// What one request takes, over all rounds.
fn a_request(rounds: &[Round], of: fn(&Round) -> &Figures, cost: Cost) -> f64 {
    let sum = |figure: Cost| rounds.iter().map(|round| figure(of(round))).sum::<f64>();
    sum(cost) / sum(|figures| figures.requests)
}

/// CPU time a request at each size, as a ratio to the first.
pub fn print_scale(sizes: &[(u64, Measurements)]) {
    let Some((least, first)) = sizes.first() else { return };
    for (apps, measurements) in &sizes[1..] {
        for measured in measurements.0.iter().filter(|measured| !measured.rounds.is_empty()) {
            // To the static reply of the same run, so that the machine's own ups and downs are left out.
            let cost = |all: &Measurements| all.to_static(measured.name, CPU_MICROS);
            let (Some(before), Some(now)) = (cost(first), cost(measurements)) else { continue };
            let verdict = if (now / before - 1.0).abs() <= 0.1 { "within 10 %" } else { "**not within 10 %**" };
            println!("{apps} Apps to {least}, CPU a request: {:.2} {verdict} ({})", now / before, measured.name);
        }
    }
}

/// Whether a ratio reaches its goal; of two, the lower one decides.
pub fn verdict(lower: f64, at_least: f64) -> &'static str {
    match (at_least > 0.0, lower >= at_least) {
        (false, _) => "",
        (true, true) => "met",
        (true, false) => "**missed**",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(name: &'static str, seconds: &[(f64, f64)]) -> Measured {
        let figures = |seconds: f64| Figures {
            requests: 1000.0,
            seconds,
            p50_millis: 1.0,
            p99_millis: 2.0,
            cpu_micros: seconds * 1e6,
        };
        let round = |(of, beside): &(f64, f64)| Round {
            of: figures(*of),
            beside: figures(*beside),
            kv_reads: 0.0,
            object_calls: 0.0,
        };
        Measured { name, rounds: seconds.iter().map(round).collect(), absent: None }
    }

    #[test]
    fn a_ratio_is_that_of_the_sums_each_to_what_ran_beside() {
        // A round in which a row's garbage was collected counts by what it took.
        let all = Measurements(vec![
            measured(BEARER_HOT, &[(1.0, 1.0), (1.0, 1.0), (2.0, 1.0), (1.0, 2.0)]),
            measured(PROVIDER, &[(4.0, 1.0)]),
        ]);
        let ratio = |to| all.ratio(BEARER_HOT, to, SECONDS);
        assert_eq!(ratio(STATIC), Some(1.0));
        assert_eq!(ratio(PROVIDER), Some(0.25));
        assert_eq!(ratio(FORGED), None);
    }

    #[test]
    fn a_missed_goal_is_said() {
        assert_eq!(verdict(0.94, 0.95), "**missed**");
        assert_eq!(verdict(0.95, 0.95), "met");
        assert_eq!(verdict(0.1, 0.0), "");
    }
}
