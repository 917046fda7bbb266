// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <tl/expected.hpp>

namespace hublet {

/// What every fallible function returns. Declare such functions [[nodiscard]].
template <typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, QString detail)
{
    return tl::unexpected<Error>(Error(code, std::move(detail)));
}

/// Adds a layer of meaning: `detail` is what this function was about, `cause` what stopped it.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, QString detail, Error cause)
{
    return tl::unexpected<Error>(Error(code, std::move(detail), std::move(cause)));
}

/// Hands an error on unchanged: `if (!r) return forward(r);`
template <typename T>
[[nodiscard]] tl::unexpected<Error> forward(const Result<T>& result)
{
    return tl::unexpected<Error>(result.error());
}

} // namespace hublet
