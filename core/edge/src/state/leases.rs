//! Leases of admissions: what this isolate may still let pass, by App, class of routes and user.

use gatehouse_domain::limit::{Counter, Exhausted, Lease, Leased, Rate, Returned, Share, Window};
use gatehouse_shared::description::RouteClass;
use gatehouse_shared::model::{AppId, UnixMillis, UnixSeconds};
use std::collections::HashMap;

/// How many counters an isolate keeps: some 3 MB.
const MOST_COUNTERS: usize = 20_000;
/// How long a lease should last, in milliseconds.
const LEASE_MILLIS: u64 = 2_000;
/// The most admissions that one call asks for. The App's object gives fewer where
/// few are left.
const MOST_ADMISSIONS: u64 = 100_000;
/// By how much a lease may grow over the one before.
const GROWTH: u64 = 4;
/// How far leases grow although the traffic needs less: a handful of requests
/// that come together cost few calls.
const HANDFUL: u64 = 16;
/// A lease below that part of its size is renewed ahead, if it had so many.
const LOW_PART: u32 = 4;
const LEAST_AHEAD: u32 = 16;
/// A call that was not heard of for so long is given up: its request may have
/// been cancelled. A time and not a flag, in milliseconds.
const ASKING_MILLIS: u64 = 10_000;
/// For how long "used up" is believed, in milliseconds: others may give back.
const WINDOW_USED_UP_MILLIS: u64 = 1_000;
const MONTH_USED_UP_MILLIS: u64 = 5_000;

/// What holds for a counter: a lease that was given on other terms is not spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// `None` where any number may pass.
    pub window: Option<Window>,
    /// `None` for a standalone App.
    pub share: Option<Share>,
}

/// One admission, with the lease that it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    pub rate: Option<Rate>,
    terms: Terms,
    ends_at: UnixSeconds,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseDecision {
    Admitted(Admission),
    Exhausted(Exhausted, Option<Rate>),
    /// The App's object must be asked, for so many.
    Ask {
        want: u32,
    },
}

#[derive(Debug)]
struct Entry {
    terms: Terms,
    left: u32,
    left_for_others: u32,
    ends_at: UnixSeconds,
    /// How many there were when the newest lease came, and when that was. One
    /// more for each admission that came by itself since.
    size: u32,
    taken_at: UnixMillis,
    spent_at: UnixMillis,
    exhausted: Option<(Exhausted, UnixMillis)>,
    /// When the App's object was asked, until it answers.
    asked_at: Option<UnixMillis>,
}

impl Entry {
    fn new(terms: Terms, now: UnixMillis) -> Self {
        Self {
            terms,
            left: 0,
            left_for_others: 0,
            ends_at: UnixSeconds(0),
            size: 0,
            taken_at: now,
            spent_at: now,
            exhausted: None,
            asked_at: None,
        }
    }

    fn rate(&self) -> Option<Rate> {
        let remaining = self.left.saturating_add(self.left_for_others);
        self.terms.window.map(|window| Rate::of(window, remaining, self.ends_at))
    }

    fn admission(&self) -> Admission {
        Admission { rate: self.rate(), terms: self.terms, ends_at: self.ends_at }
    }

    fn is_asking(&self, now: UnixMillis) -> bool {
        self.asked_at.is_some_and(|at| now.0 < at.0.saturating_add(ASKING_MILLIS))
    }

    /// How many the next lease should have: as many as last for its time. One
    /// for a request that comes alone, so that usage counts no more than that.
    fn want(&self, now: UnixMillis) -> u32 {
        let lasted = now.0.saturating_sub(self.taken_at.0).max(1);
        let spent = u64::from(self.size.saturating_sub(self.left));
        let fitting = spent.saturating_mul(LEASE_MILLIS) / lasted;
        if fitting == 0 {
            return 1;
        }
        let most = u64::from(self.size).saturating_mul(GROWTH).min(MOST_ADMISSIONS);
        u32::try_from(fitting.clamp(most.min(HANDFUL), most)).unwrap_or(u32::MAX)
    }
}

/// What is on its way back to an App's object.
struct Unspent {
    counter: Counter,
    share: Option<Share>,
    ends_at: UnixSeconds,
    count: u32,
}

/// The leases of an isolate.
#[derive(Default)]
pub struct Leases {
    entries: HashMap<Counter, Entry>,
    returned: Vec<Unspent>,
    low: Vec<Counter>,
    /// Whether something may have to be given back later on.
    is_holding: bool,
}

impl Leases {
    /// Spends one admission, if there is one; else says what to do.
    pub fn take(&mut self, counter: Counter, terms: Terms, now: UnixMillis) -> LeaseDecision {
        if self.entries.len() >= MOST_COUNTERS && !self.entries.contains_key(&counter) {
            self.make_room(now);
        }
        let entry = self.entries.entry(counter).or_insert_with(|| Entry::new(terms, now));
        if entry.terms != terms || entry.ends_at <= now.seconds() {
            empty(&mut self.returned, counter, entry);
            if entry.terms != terms {
                *entry = Entry::new(terms, now);
            }
        }
        if entry.left > 0 {
            entry.left -= 1;
            entry.spent_at = now;
            let is_low = entry.size >= LEAST_AHEAD && entry.left < entry.size / LOW_PART;
            if is_low && entry.left_for_others > 0 && !entry.is_asking(now) {
                entry.asked_at = Some(now);
                self.low.push(counter);
            }
            return LeaseDecision::Admitted(entry.admission());
        }
        if let Some((exhausted, until)) = entry.exhausted
            && now < until
            // Not for longer where the clock was set back.
            && until.0 - now.0 <= MONTH_USED_UP_MILLIS
        {
            return exhausted_of(exhausted, entry);
        }
        // Whoever asks while another call is under way asks for itself alone.
        LeaseDecision::Ask { want: if entry.is_asking(now) { 1 } else { entry.want(now) } }
    }

    /// Notes that the App's object is being asked; [`Self::fill`] follows, unless
    /// the request is cancelled.
    pub fn start(&mut self, counter: Counter, now: UnixMillis) {
        if let Some(entry) = self.entries.get_mut(&counter) {
            entry.asked_at = Some(now);
        }
    }

    /// Keeps what the App's object answered to a [`LeaseDecision::Ask`] on these terms,
    /// and spends one admission of it. `None`: the call failed.
    pub fn fill(
        &mut self,
        counter: Counter,
        terms: Terms,
        answer: Option<Leased>,
        now: UnixMillis,
    ) -> Option<LeaseDecision> {
        match self.keep(counter, terms, answer, 1, now)? {
            Leased::Lease(lease) => {
                let rate = terms.window.map(|window| {
                    let remaining = (lease.admissions - 1).saturating_add(lease.left_for_others);
                    Rate::of(window, remaining, lease.ends_at)
                });
                Some(LeaseDecision::Admitted(Admission { rate, terms, ends_at: lease.ends_at }))
            }
            Leased::Exhausted(exhausted) => {
                let rate = match (exhausted, terms.window) {
                    (Exhausted::Window { ends_at }, Some(window)) => Some(Rate::of(window, 0, ends_at)),
                    _ => None,
                };
                Some(LeaseDecision::Exhausted(exhausted, rate))
            }
        }
    }

    /// Keeps what the App's object answered to a renewal ahead.
    pub fn renew(&mut self, counter: Counter, terms: Terms, answer: Option<Leased>, now: UnixMillis) {
        self.keep(counter, terms, answer, 0, now);
    }

    /// Keeps an answer, but for the admissions that are `spent` at once.
    fn keep(
        &mut self,
        counter: Counter,
        terms: Terms,
        answer: Option<Leased>,
        spent: u32,
        now: UnixMillis,
    ) -> Option<Leased> {
        let entry = self.entries.entry(counter).or_insert_with(|| Entry::new(terms, now));
        entry.asked_at = None;
        match answer? {
            Leased::Lease(Lease { admissions, left_for_others, ends_at }) => {
                let rest = admissions.saturating_sub(spent);
                self.is_holding = true;
                // The terms have changed since, or the window: it is nothing to go on with.
                if entry.terms != terms || ends_at < entry.ends_at {
                    self.returned.push(Unspent { counter, share: terms.share, ends_at, count: rest });
                    return answer;
                }
                if entry.ends_at != ends_at {
                    empty(&mut self.returned, counter, entry);
                }
                if rest == 0 && entry.size > 0 && now.0.saturating_sub(entry.taken_at.0) < LEASE_MILLIS {
                    entry.size = entry.size.saturating_add(admissions);
                } else {
                    (entry.size, entry.taken_at) = (entry.left.saturating_add(admissions), now);
                }
                entry.left = entry.left.saturating_add(rest);
                (entry.left_for_others, entry.ends_at) = (left_for_others, ends_at);
                (entry.spent_at, entry.exhausted) = (now, None);
            }
            Leased::Exhausted(exhausted) if entry.terms == terms => {
                let (ends_at, believed) = match exhausted {
                    Exhausted::Window { ends_at } => (ends_at, WINDOW_USED_UP_MILLIS),
                    Exhausted::Month { ends_at } => (ends_at, MONTH_USED_UP_MILLIS),
                };
                if matches!(exhausted, Exhausted::Window { .. }) && ends_at >= entry.ends_at {
                    if entry.ends_at != ends_at {
                        empty(&mut self.returned, counter, entry);
                    }
                    (entry.left_for_others, entry.ends_at) = (0, ends_at);
                }
                let until = UnixMillis((now.0 + believed).min(ends_at.0.saturating_mul(1000)));
                entry.exhausted = Some((exhausted, until));
            }
            Leased::Exhausted(_) => {}
        }
        answer
    }

    /// Puts an admission back that turned out not to be needed: to its own
    /// lease, or on its way to the App's object where that one is gone.
    pub fn give_back(&mut self, counter: Counter, admission: Admission) {
        let Admission { terms, ends_at, .. } = admission;
        self.is_holding = true;
        match self.entries.get_mut(&counter) {
            Some(entry) if entry.terms == terms && entry.ends_at == ends_at => {
                entry.left = entry.left.saturating_add(1);
            }
            _ => self.returned.push(Unspent { counter, share: terms.share, ends_at, count: 1 }),
        }
    }

    /// The counters to renew ahead, each with how many to ask for.
    pub fn take_low(&mut self, now: UnixMillis) -> Vec<(Counter, Terms, u32)> {
        let low = std::mem::take(&mut self.low);
        low.into_iter()
            .filter_map(|counter| self.entries.get(&counter).map(|entry| (counter, entry.terms, entry.want(now))))
            .collect()
    }

    /// Whether [`Self::take_low`] has something.
    pub fn is_low(&self) -> bool {
        !self.low.is_empty()
    }

    /// Whether [`Self::take_unspent`] may have something.
    pub fn is_holding(&self) -> bool {
        self.is_holding || !self.returned.is_empty()
    }

    /// Takes back what was not spent by leases that were idle for
    /// `idle_millis` or have ended, by App, for its object. They are gone from
    /// here before the object hears of it, so that they are never spent twice.
    pub fn take_unspent(
        &mut self,
        now: UnixMillis,
        idle_millis: u64,
        name: impl Fn(RouteClass) -> String,
    ) -> HashMap<AppId, Vec<Returned>> {
        let mut holding = false;
        for (counter, entry) in &mut self.entries {
            if entry.ends_at <= now.seconds() || now.0.saturating_sub(entry.spent_at.0) >= idle_millis {
                empty(&mut self.returned, *counter, entry);
            }
            holding |= entry.left > 0;
        }
        self.entries.retain(|_, entry| entry.is_asking(now) || entry.left > 0 || entry.ends_at > now.seconds());
        self.is_holding = holding;
        let mut by_app: HashMap<AppId, Vec<Returned>> = HashMap::new();
        for Unspent { counter, share, ends_at, count } in self.returned.drain(..).filter(|unspent| unspent.count > 0) {
            by_app.entry(counter.app_id).or_default().push(Returned {
                class: name(counter.class),
                user: counter.user,
                project: share.map(|share| share.project),
                ends_at,
                unspent: count,
            });
        }
        by_app
    }

    /// What this isolate holds of a counter unspent.
    pub fn held(&self, counter: &Counter, now: UnixMillis) -> u32 {
        self.entries.get(counter).filter(|entry| entry.ends_at > now.seconds()).map_or(0, |entry| entry.left)
    }

    /// Forgets what is over; where that is not enough, everything. An answer
    /// that comes later finds its terms with it.
    fn make_room(&mut self, now: UnixMillis) {
        let is_needed = |entry: &Entry| entry.is_asking(now) || (entry.left > 0 && entry.ends_at > now.seconds());
        let too_many = self.entries.values().filter(|entry| is_needed(entry)).count() >= MOST_COUNTERS;
        for (counter, mut entry) in self.entries.extract_if(|_, entry| too_many || !is_needed(entry)) {
            empty(&mut self.returned, counter, &mut entry);
        }
    }
}

fn exhausted_of(exhausted: Exhausted, entry: &Entry) -> LeaseDecision {
    let rate = if matches!(exhausted, Exhausted::Window { .. }) { entry.rate() } else { None };
    LeaseDecision::Exhausted(exhausted, rate)
}

/// Sends what a lease has left on its way back.
fn empty(returned: &mut Vec<Unspent>, counter: Counter, entry: &mut Entry) {
    let count = std::mem::take(&mut entry.left);
    if count > 0 {
        returned.push(Unspent { counter, share: entry.terms.share, ends_at: entry.ends_at, count });
    }
}

#[cfg(test)]
mod tests;
