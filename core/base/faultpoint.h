// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Named places where a test can make the program fail. Compiled in only with HUBLET_FAULT_POINTS (presets dev, asan,
/// tsan). The environment says what happens: HUBLET_FAULT="after-link=kill:3,before-commit=error,after-stage=sleep500"
/// = SIGKILL at the third pass, an Io error at every pass, a pause of 500 ms at every pass.
///
///     if (HUBLET_FAULT_POINT("after-link"))
///         return fail(ErrorCode::Io, ...);

#ifdef HUBLET_FAULT_POINTS
namespace hublet {
/// True when the caller shall behave as if the step before had failed. Thread-safe.
[[nodiscard]] bool faultPointReached(const char* name);
} // namespace hublet
#define HUBLET_FAULT_POINT(name) (::hublet::faultPointReached(name))
#else
#define HUBLET_FAULT_POINT(name) false
#endif
