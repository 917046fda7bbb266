// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <optional>
#include <span>
#include <vector>

namespace hublet::api {

/// What a template found in a path.
struct RouteMatch {
    bool hasId = false;              ///< the template has an {id}
    std::optional<PackageType> type; ///< of the package; nothing for spaces, which this server does not have
    QString id;                      ///< text of {id}: "acme/bert-tiny" or "gpt2", not yet checked
    qsizetype idBegin = 0;           ///< first segment of {id}, counted from the first one given to match()
    qsizetype idCount = 0;           ///< segments of {id}: 1 or 2
    QByteArray idSuffix;             ///< ".git" where the template says so
    QByteArray ticket;
    QList<QByteArray> names;
    QList<QByteArray> rest;
};

/// The form of a path, matched on segments that were split on raw '/' and decoded once:
///
///     /api/{type}/{id}/tree/{rest}        literals are exact, case included
///     {type}    models | datasets | spaces
///     {id}      two segments or one; also "{id}.git". Without {type} a model
///     {full-id} the same, two segments only
///     {tp}{id}  an id as web paths have it: after datasets/, spaces/, models/ or nothing, which means
///     models. Never
///               matches a path that begins with "api", "v2" or "artifactory"
///     {name}    one segment
///     {ticket}  one segment
///     {rest}    one segment or more, only at the end
///
/// Immutable.
class RouteTemplate {
public:
    /// `text` is a constant of this program: what is wrong with it is asserted.
    explicit RouteTemplate(QByteArrayView text);

    /// `idSegments`: how many segments {id} takes, 2 or 1; without {id} it is not looked at.
    [[nodiscard]] std::optional<RouteMatch> match(std::span<const QByteArrayView> segments,
                                                  int idSegments) const;
    [[nodiscard]] bool hasId() const;
    [[nodiscard]] bool hasTicket() const;
    [[nodiscard]] const QByteArray& text() const { return m_text; }

private:
    enum class Part { Literal, Type, WebType, Id, FullId, Name, Ticket, Rest };
    struct Piece {
        Part part = Part::Literal;
        QByteArray text; ///< the literal, or what follows {id}
    };
    void addPieces(const QByteArray& part);
    [[nodiscard]] bool has(Part part) const;
    /// Moves `at` behind what the piece takes.
    static bool matchPiece(const Piece& piece, std::span<const QByteArrayView> segments, int idSegments,
                           std::size_t& at, RouteMatch& found);
    static bool matchId(const QByteArray& suffix, std::span<const QByteArrayView> segments, int idSegments,
                        std::size_t& at, RouteMatch& found);

    QByteArray m_text;
    std::vector<Piece> m_pieces;
};

} // namespace hublet::api
