//! The suite's core on every engine that gw is seen on, and what is different on each; `docs/engines.md` tells the same.

mod core;
mod far;
mod forwarded;
mod older;
mod podman;
mod under_test;

/// Every scenario of the core, each a test of the engine that the module is for.
macro_rules! core_on {
    ($($engine:ident: $name:ident)*) => { $(
        mod $engine {
            use crate::engines::{core, under_test};

            core_on! { @ $name
                a_stack_comes_up_stays_is_made_anew_and_goes
                views_tell_what_runs_and_what_does_not
                a_failure_says_why
                a_crash_loop_is_told_from_a_slow_start
                a_changed_variable_replaces_just_its_container
                logs_and_exec_reach_into_a_container
                the_gateway_routes_to_services_that_work_with_their_stores
                a_job_ends_before_what_waits_for_it_starts
                an_image_is_built_from_its_context
            }
        }
    )* };
    (@ $name:ident $($scenario:ident)*) => { $(
        #[test]
        fn $scenario() {
            core::$scenario(under_test::$name());
        }
    )* };
}

core_on! {
    core_on_the_machines: machines
    core_on_the_older: older
    core_on_podman: podman
    core_on_the_far: far
}
