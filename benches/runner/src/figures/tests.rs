//! Medians and bounds from figures that are known.

use super::*;

/// Figures that meet every bound exactly or with room.
fn good() -> Figures {
    let names = [
        "plain API calls",
        "gw",
        "Compose 2, 100 ms",
        "Compose 2, 1 s",
        "Compose 5, 100 ms",
        "Compose 5, 1 s",
    ];
    let mut figures = Figures { names: names.map(str::to_owned).to_vec(), ..Figures::default() };
    for (name, up) in names.into_iter().zip([1.0, 1.3, 4.0, 8.0, 2.0, 6.0]) {
        figures.note(What::Up, name, up);
    }
    for (name, again) in names.into_iter().zip([f64::NAN, 0.15, 2.0, 2.0, 1.0, 3.0]).skip(1) {
        figures.note(What::Again, name, again);
    }
    for (name, down) in names.into_iter().zip([0.5, 0.6, 2.0, 2.0, 1.0, 1.0]) {
        figures.note(What::Down, name, down);
    }
    figures.memory = vec![("up".to_owned(), 20_000_000)];
    figures.requests = vec![("up".to_owned(), Requests { count: 30, ..Requests::default() })];
    figures.render = BTreeMap::from([(1000, vec![0.5]), (5000, vec![2.5])]);
    figures
}

fn missed(figures: &Figures) -> Vec<String> {
    figures.bounds().into_iter().filter(|bound| !bound.holds()).map(|bound| bound.what).collect()
}

#[test]
fn the_median_is_in_the_middle() {
    assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
    assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
    assert!(median(&[]).is_nan());
}

#[test]
fn figures_at_their_bounds_hold() {
    assert_eq!(missed(&good()), Vec::<String>::new());
}

#[test]
fn each_bound_can_be_missed() {
    let mut slow = good();
    slow.note(What::Up, "gw", 9.0);
    slow.note(What::Again, "gw", 9.0);
    slow.note(What::Down, "gw", 9.0);
    slow.memory[0].1 = 50_000_000;
    slow.requests[0].1.repeated.insert("GET /info".to_owned(), 2);
    slow.render = BTreeMap::from([(1000, vec![2.0]), (5000, vec![20.0])]);
    assert_eq!(missed(&slow).len(), slow.bounds().len());
}

#[test]
fn nothing_measured_meets_nothing() {
    let empty = Figures::default();
    assert_eq!(missed(&empty).len(), empty.bounds().len());
}

#[test]
fn the_limit_may_leave_no_room_for_a_ratio_to_compose() {
    let bounds = good().bounds();
    // 1.3 of the limit is 1.3 s, and the faster Compose takes 2 s: exactly the fixed bound.
    assert_eq!((bounds[1].most, bounds[1].note.as_deref()), (0.65, None));
    let mut near = good();
    near.note(What::Up, "plain API calls", 2.0);
    let bound = near.bounds().remove(1);
    assert!((bound.most - 1.3 * 1.5 / 2.0).abs() < 1e-9, "{bound:?}");
    assert_eq!(bound.note.as_deref(), Some("the limit leaves no room for 0.65"));
}
