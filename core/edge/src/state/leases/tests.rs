use super::*;
use gatehouse_shared::model::ProjectId;

const WINDOW: Option<Window> = Some(Window { limit: 100, seconds: 60 });
const ALONE: Terms = Terms { window: WINDOW, share: None };

fn counter() -> Counter {
    let class = RouteClass { version: 0, route: None };
    Counter { app_id: AppId::from_random([1; 8]), class, user: None }
}

fn lease(admissions: u32, ends_at: u64) -> Option<Leased> {
    Some(Leased::Lease(Lease { admissions, left_for_others: 50, ends_at: UnixSeconds(ends_at) }))
}

fn at(seconds: u64) -> UnixMillis {
    UnixMillis(seconds * 1000)
}

fn unspent(leases: &mut Leases, now: UnixMillis) -> Vec<(Option<ProjectId>, u64, u32)> {
    let returned = leases.take_unspent(now, 0, |_| String::new()).into_values().flatten();
    let mut all: Vec<_> = returned.map(|one| (one.project, one.ends_at.0, one.unspent)).collect();
    all.sort();
    all
}

fn admitted(taken: Option<LeaseDecision>) -> Admission {
    match taken {
        Some(LeaseDecision::Admitted(admission)) => admission,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_given_back_late_goes_to_its_own_window() {
    let mut leases = Leases::default();
    leases.take(counter(), ALONE, at(1));
    let old = admitted(leases.fill(counter(), ALONE, lease(1, 60), at(1)));
    leases.take(counter(), ALONE, at(61));
    let new = admitted(leases.fill(counter(), ALONE, lease(1, 120), at(61)));
    leases.give_back(counter(), old);
    assert!(
        matches!(leases.take(counter(), ALONE, at(62)), LeaseDecision::Ask { .. }),
        "nothing of this window is left"
    );
    leases.give_back(counter(), new);
    assert!(matches!(leases.take(counter(), ALONE, at(62)), LeaseDecision::Admitted(_)));
    assert_eq!(unspent(&mut leases, at(63)), [(None, 60, 1)]);
}

#[test]
fn a_lease_on_terms_that_have_changed_is_returned_under_its_own() {
    let project = ProjectId::from_random([7; 8]);
    let joined = Terms { share: Some(Share { project, monthly_cap: 9 }), ..ALONE };
    let mut leases = Leases::default();
    leases.take(counter(), ALONE, at(1));
    leases.start(counter(), at(1));
    // The App joins a Project while its gate is asked.
    assert!(matches!(leases.take(counter(), joined, at(2)), LeaseDecision::Ask { .. }));
    admitted(leases.fill(counter(), ALONE, lease(10, 60), at(3)));
    assert!(
        matches!(leases.take(counter(), joined, at(4)), LeaseDecision::Ask { .. }),
        "none of it counts to the Project"
    );
    assert_eq!(unspent(&mut leases, at(5)), [(None, 60, 9)]);
}

#[test]
fn a_month_that_is_used_up_is_believed_for_a_while_also_in_a_new_window() {
    let mut leases = Leases::default();
    leases.take(counter(), ALONE, at(1));
    let month = Exhausted::Month { ends_at: UnixSeconds(9_000) };
    let taken = leases.fill(counter(), ALONE, Some(Leased::Exhausted(month)), at(59));
    assert_eq!(taken, Some(LeaseDecision::Exhausted(month, None)));
    for now in [59, 60, 63] {
        assert_eq!(leases.take(counter(), ALONE, at(now)), LeaseDecision::Exhausted(month, None));
    }
    assert!(matches!(leases.take(counter(), ALONE, at(64)), LeaseDecision::Ask { .. }));
}

#[test]
fn a_clock_that_is_set_back_while_a_limit_is_used_up_refuses_nobody_until_the_old_time() {
    let mut leases = Leases::default();
    leases.take(counter(), ALONE, at(90_000));
    let window = Exhausted::Window { ends_at: UnixSeconds(90_060) };
    leases.fill(counter(), ALONE, Some(Leased::Exhausted(window)), at(90_000));
    assert!(matches!(leases.take(counter(), ALONE, at(90_000)), LeaseDecision::Exhausted(..)));
    assert!(matches!(leases.take(counter(), ALONE, at(86_400)), LeaseDecision::Ask { .. }));
}

#[test]
fn a_refusal_of_the_next_window_leaves_nothing_of_the_last_one() {
    let mut leases = Leases::default();
    leases.take(counter(), ALONE, at(1));
    admitted(leases.fill(counter(), ALONE, lease(4, 60), at(1)));
    let used_up = Leased::Exhausted(Exhausted::Window { ends_at: UnixSeconds(120) });
    leases.renew(counter(), ALONE, Some(used_up), at(59));
    assert!(matches!(leases.take(counter(), ALONE, at(59)), LeaseDecision::Exhausted(..)));
    assert_eq!(unspent(&mut leases, at(61)), [(None, 60, 3)]);
}

#[test]
fn a_call_that_is_never_answered_is_given_up() {
    let mut leases = Leases::default();
    leases.take(counter(), ALONE, at(1));
    leases.start(counter(), at(1));
    assert_eq!(leases.take(counter(), ALONE, at(2)), LeaseDecision::Ask { want: 1 });
    assert_eq!(leases.take(counter(), ALONE, at(12)), LeaseDecision::Ask { want: 1 });
    let is_asking = |seconds| leases.entries[&counter()].is_asking(at(seconds));
    assert!(is_asking(10) && !is_asking(11));
}

#[test]
fn a_request_alone_leases_one_and_a_burst_four_times_more_each_time() {
    let mut leases = Leases::default();
    for seconds in [10, 13, 16] {
        assert_eq!(leases.take(counter(), ALONE, at(seconds)), LeaseDecision::Ask { want: 1 });
        admitted(leases.fill(counter(), ALONE, lease(1, 60), at(seconds)));
    }
    let mut now = at(17);
    let asked: Vec<u32> = std::iter::repeat_with(|| {
        now.0 += 1;
        let LeaseDecision::Ask { want } = leases.take(counter(), ALONE, now) else { return None };
        leases.start(counter(), now);
        // Of those that come meanwhile each asks for itself.
        assert_eq!(leases.take(counter(), ALONE, now), LeaseDecision::Ask { want: 1 });
        // Nothing is left in the window to renew it ahead from.
        let lease =
            |admissions| Some(Leased::Lease(Lease { admissions, left_for_others: 0, ends_at: UnixSeconds(60) }));
        leases.fill(counter(), ALONE, lease(1), now);
        leases.fill(counter(), ALONE, lease(want), now);
        Some(want)
    })
    .take(100)
    .flatten()
    .collect();
    assert_eq!(asked, [4, 16, 64, 256]);
}
