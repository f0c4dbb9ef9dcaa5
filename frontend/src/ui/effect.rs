use leptos::prelude::Effect;

/// Runs now and whenever what it reads changes. As `Effect::new`, with the machinery once in the program instead of
/// once for each closure.
pub fn effect(run: impl FnMut() + 'static) {
    erased(Box::new(run));
}

fn erased(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}
