//! Runs code again whenever a signal that it reads changes.

use leptos::prelude::Effect;

/// Runs now and whenever a signal that it reads changes. Like `Effect::new`, but the program contains the machinery
/// only once, not once for each closure.
pub fn effect(run: impl FnMut() + 'static) {
    erased(Box::new(run));
}

fn erased(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}
