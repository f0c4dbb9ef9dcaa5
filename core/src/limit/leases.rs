use super::{Exhausted, Lease, Leased, Returned, Share, Window};
use gatehouse_shared::description::RouteClass;
use gatehouse_shared::model::{AccountId, AppId, UnixMillis, UnixSeconds};
use std::collections::HashMap;

/// How many counters an isolate keeps: some 3 MB.
const MOST_COUNTERS: usize = 20_000;
/// How long a lease should last, in milliseconds.
const LEASE_MILLIS: u64 = 2_000;
/// The fewest and the most admissions that one call asks for: a handful of
/// requests that come together cost one call. The App's gate gives fewer where
/// few are left.
const FEWEST_ADMISSIONS: u32 = 16;
const MOST_ADMISSIONS: u32 = 100_000;
/// By how much a lease may grow over the one before.
const GROWTH: u64 = 4;
/// A lease below that part of its size is renewed ahead, if it had so many.
const LOW_PART: u32 = 4;
const LEAST_AHEAD: u32 = 16;
/// For how long "used up" is believed, in milliseconds: others may give back.
const WINDOW_USED_UP_MILLIS: u64 = 1_000;
const MONTH_USED_UP_MILLIS: u64 = 5_000;

/// What is counted together: requests of one App, for one user or for itself,
/// to one class of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Counter {
    pub app_id: AppId,
    pub class: RouteClass,
    pub user: Option<AccountId>,
}

/// How a counter stands, as callers are told in `x-rate-limit-*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub limit: u32,
    /// As far as this isolate knows.
    pub remaining: u32,
    pub resets_at: UnixSeconds,
}

impl Rate {
    /// The headers that tell callers of it; the reset in seconds since 1970.
    pub fn headers(&self) -> [(&'static str, String); 3] {
        [
            ("x-rate-limit-limit", self.limit.to_string()),
            ("x-rate-limit-remaining", self.remaining.to_string()),
            ("x-rate-limit-reset", self.resets_at.0.to_string()),
        ]
    }
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    Admitted(Option<Rate>),
    Exhausted(Exhausted, Option<Rate>),
    /// The App's gate must be asked, for so many.
    Ask {
        want: u32,
    },
}

#[derive(Debug)]
struct Entry {
    window: Option<Window>,
    share: Option<Share>,
    left: u32,
    behind: u32,
    ends_at: UnixSeconds,
    /// Of the newest lease: how many, and when.
    size: u32,
    taken_at: UnixMillis,
    spent_at: UnixMillis,
    exhausted: Option<(Exhausted, UnixMillis)>,
    /// How many calls to the App's gate are under way.
    asking: u32,
}

impl Entry {
    fn new(window: Option<Window>, share: Option<Share>, now: UnixMillis) -> Self {
        Self {
            window,
            share,
            left: 0,
            behind: 0,
            ends_at: UnixSeconds(0),
            size: 0,
            taken_at: now,
            spent_at: now,
            exhausted: None,
            asking: 0,
        }
    }

    fn rate(&self) -> Option<Rate> {
        let remaining = self.left.saturating_add(self.behind);
        self.window.map(|window| Rate { limit: window.limit, remaining, resets_at: self.ends_at })
    }

    /// How many the next lease should have: as many as last for its time.
    fn want(&self, now: UnixMillis) -> u32 {
        // Whoever asks while another call is under way asks for itself alone.
        if self.asking > 0 {
            return 1;
        }
        let lasted = now.0.saturating_sub(self.taken_at.0).max(1);
        let spent = u64::from(self.size.saturating_sub(self.left));
        let fitting = spent.saturating_mul(LEASE_MILLIS) / lasted;
        let fewest = u64::from(FEWEST_ADMISSIONS);
        let most = u64::from(self.size).saturating_mul(GROWTH).min(u64::from(MOST_ADMISSIONS));
        fitting.clamp(fewest, most.max(fewest)) as u32
    }
}

/// The leases of an isolate.
#[derive(Default)]
pub struct Leases {
    entries: HashMap<Counter, Entry>,
    returned: Vec<(Counter, Option<Share>, UnixSeconds, u32)>,
    low: Vec<Counter>,
    /// Whether something may have to be given back later on.
    is_holding: bool,
}

impl Leases {
    /// Spends one admission, if there is one; else says what to do. `window`
    /// and `share` are what holds for the request now: a lease that was given
    /// on other terms is not spent.
    pub fn take(&mut self, counter: Counter, window: Option<Window>, share: Option<Share>, now: UnixMillis) -> Taken {
        if self.entries.len() >= MOST_COUNTERS && !self.entries.contains_key(&counter) {
            self.make_room(now);
        }
        let entry = self.entries.entry(counter).or_insert_with(|| Entry::new(window, share, now));
        if (entry.window, entry.share) != (window, share) || entry.ends_at <= now.seconds() {
            if entry.left > 0 {
                self.returned.push((counter, entry.share, entry.ends_at, entry.left));
            }
            (entry.window, entry.share, entry.left, entry.exhausted) = (window, share, 0, None);
        }
        if entry.left > 0 {
            entry.left -= 1;
            entry.spent_at = now;
            let is_low = entry.size >= LEAST_AHEAD && entry.left < entry.size / LOW_PART;
            if is_low && entry.asking == 0 && entry.behind > 0 {
                entry.asking += 1;
                self.low.push(counter);
            }
            return Taken::Admitted(entry.rate());
        }
        if let Some((exhausted, until)) = entry.exhausted
            && now < until
        {
            return Taken::Exhausted(exhausted, entry.rate());
        }
        Taken::Ask { want: entry.want(now) }
    }

    /// Notes that the App's gate is being asked; [`Self::fill`] must follow.
    pub fn start(&mut self, counter: Counter) {
        if let Some(entry) = self.entries.get_mut(&counter) {
            entry.asking += 1;
        }
    }

    /// Keeps what the App's gate answered to an [`Taken::Ask`], and spends one
    /// admission of it. `None`: the call failed.
    pub fn fill(&mut self, counter: Counter, answer: Option<Leased>, now: UnixMillis) -> Option<Taken> {
        let leased = self.keep(counter, answer, now)?;
        let entry = self.entries.get_mut(&counter)?;
        match leased {
            Leased::Lease(_) => {
                // No other request gets in between: the one that this request asked for is there.
                entry.left = entry.left.saturating_sub(1);
                entry.spent_at = now;
                Some(Taken::Admitted(entry.rate()))
            }
            Leased::Exhausted(exhausted) => Some(Taken::Exhausted(exhausted, entry.rate())),
        }
    }

    /// Keeps what the App's gate answered to a renewal ahead.
    pub fn renew(&mut self, counter: Counter, answer: Option<Leased>, now: UnixMillis) {
        self.keep(counter, answer, now);
    }

    fn keep(&mut self, counter: Counter, answer: Option<Leased>, now: UnixMillis) -> Option<Leased> {
        let entry = self.entries.entry(counter).or_insert_with(|| Entry::new(None, None, now));
        entry.asking = entry.asking.saturating_sub(1);
        match answer? {
            Leased::Lease(lease) => {
                let Lease { admissions, behind, ends_at } = lease;
                if entry.left > 0 && entry.ends_at != ends_at {
                    self.returned.push((counter, entry.share, entry.ends_at, entry.left));
                    entry.left = 0;
                }
                entry.left = entry.left.saturating_add(admissions);
                (entry.behind, entry.ends_at, entry.size, entry.taken_at) = (behind, ends_at, admissions, now);
                entry.exhausted = None;
                self.is_holding = true;
            }
            Leased::Exhausted(exhausted) => {
                let (ends_at, believed) = match exhausted {
                    Exhausted::Window { ends_at } => (ends_at, WINDOW_USED_UP_MILLIS),
                    Exhausted::Month { ends_at } => (ends_at, MONTH_USED_UP_MILLIS),
                };
                if matches!(exhausted, Exhausted::Window { .. }) {
                    (entry.behind, entry.ends_at) = (0, ends_at);
                }
                let until = UnixMillis((now.0 + believed).min(ends_at.0.saturating_mul(1000)));
                entry.exhausted = Some((exhausted, until));
            }
        }
        answer
    }

    /// Puts an admission back that turned out not to be needed.
    pub fn give_back(&mut self, counter: Counter) {
        if let Some(entry) = self.entries.get_mut(&counter) {
            entry.left = entry.left.saturating_add(1);
            self.is_holding = true;
        }
    }

    /// The counters to renew ahead, each with how many to ask for.
    pub fn take_low(&mut self, now: UnixMillis) -> Vec<(Counter, Option<Window>, Option<Share>, u32)> {
        let low = std::mem::take(&mut self.low);
        low.into_iter()
            .filter_map(|counter| {
                let entry = self.entries.get_mut(&counter)?;
                entry.asking = entry.asking.saturating_sub(1);
                let want = entry.want(now);
                entry.asking += 1;
                Some((counter, entry.window, entry.share, want))
            })
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
    /// `idle_millis` or have ended, by App, for its gate. They are gone from
    /// here before the gate hears of it, so that they are never spent twice.
    pub fn take_unspent(
        &mut self,
        now: UnixMillis,
        idle_millis: u64,
        name: impl Fn(RouteClass) -> String,
    ) -> HashMap<AppId, Vec<Returned>> {
        let mut holding = false;
        for (counter, entry) in &mut self.entries {
            let is_over = entry.ends_at <= now.seconds() || now.0.saturating_sub(entry.spent_at.0) >= idle_millis;
            if entry.left > 0 && is_over {
                self.returned.push((*counter, entry.share, entry.ends_at, entry.left));
                entry.left = 0;
            }
            holding |= entry.left > 0;
        }
        self.entries.retain(|_, entry| entry.asking > 0 || entry.left > 0 || entry.ends_at > now.seconds());
        self.is_holding = holding;
        let mut by_app: HashMap<AppId, Vec<Returned>> = HashMap::new();
        for (counter, share, ends_at, unspent) in self.returned.drain(..) {
            by_app.entry(counter.app_id).or_default().push(Returned {
                class: name(counter.class),
                user: counter.user,
                project: share.map(|share| share.project),
                ends_at,
                unspent,
            });
        }
        by_app
    }

    /// What this isolate holds of a counter unspent.
    pub fn held(&self, counter: &Counter, now: UnixMillis) -> u32 {
        self.entries.get(counter).filter(|entry| entry.ends_at > now.seconds()).map_or(0, |entry| entry.left)
    }

    fn make_room(&mut self, now: UnixMillis) {
        let is_needed = |entry: &Entry| entry.asking > 0 || (entry.left > 0 && entry.ends_at > now.seconds());
        let too_many = self.entries.values().filter(|entry| is_needed(entry)).count() >= MOST_COUNTERS;
        for (counter, entry) in self.entries.extract_if(|_, entry| too_many || !is_needed(entry)) {
            if entry.left > 0 {
                self.returned.push((counter, entry.share, entry.ends_at, entry.left));
            }
        }
    }
}
