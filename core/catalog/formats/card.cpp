// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/formats/card.h"

#include "core/catalog/formats/yamljson.h"

#include <QJsonArray>

#include <optional>

namespace hublet::catalog {

namespace {

/// Takes the next line, without its end, off `text`.
QByteArrayView takeLine(QByteArrayView& text)
{
    const qsizetype end = text.indexOf('\n');
    QByteArrayView line = end < 0 ? text : text.first(end);
    text = end < 0 ? QByteArrayView() : text.sliced(end + 1);
    return line;
}

bool isFence(QByteArrayView line)
{
    return line.trimmed() == "---" && line.startsWith("---");
}

struct FrontMatter {
    QByteArrayView yaml;
    int firstLine = 0; ///< of the file, from 1
};

/// Between a first line "---", before which only blank lines may stand, and the next such line.
std::optional<FrontMatter> findFrontMatter(QByteArrayView readme)
{
    if (readme.startsWith("\xef\xbb\xbf"))
        readme = readme.sliced(3);
    FrontMatter found;
    QByteArrayView line;
    do {
        if (readme.isEmpty())
            return std::nullopt;
        line = takeLine(readme);
        ++found.firstLine;
    } while (line.trimmed().isEmpty());
    if (!isFence(line))
        return std::nullopt;
    ++found.firstLine;
    const char* const begin = readme.data();
    while (!readme.isEmpty()) {
        const char* const end = readme.data();
        if (isFence(takeLine(readme))) {
            found.yaml = QByteArrayView(begin, end);
            return found;
        }
    }
    return std::nullopt;
}

/// A string, or the strings of a list.
QStringList stringsOf(const QJsonValue& value)
{
    QStringList strings;
    const QJsonArray items = value.isArray() ? value.toArray() : QJsonArray{value};
    for (const QJsonValue& item : items) {
        if (item.isString() && !item.toString().isEmpty())
            strings += item.toString();
    }
    return strings;
}

struct TagField {
    const char* field;
    const char* prefix;
};
constexpr TagField CommonFields[] = {{"tags", ""}, {"language", "language:"}, {"license", "license:"}};
// Older clients ask for models of a language by its bare name.
constexpr TagField ModelFields[] = {{"library_name", ""},
                                    {"pipeline_tag", ""},
                                    {"datasets", "dataset:"},
                                    {"base_model", "base_model:"},
                                    {"language", ""}};
constexpr TagField DatasetFields[] = {
    {"task_categories", "task_categories:"},     {"task_ids", "task_ids:"},
    {"size_categories", "size_categories:"},     {"annotations_creators", "annotations_creators:"},
    {"language_creators", "language_creators:"}, {"multilinguality", "multilinguality:"},
    {"source_datasets", "source_datasets:"}};

template <std::size_t N>
void addTags(const TagField (&fields)[N], const QJsonObject& data, QStringList& tags)
{
    for (const TagField& field : fields) {
        for (const QString& text : stringsOf(data.value(QLatin1String(field.field))))
            tags += QLatin1String(field.prefix) + text;
    }
}

CardFacts factsFrom(PackageType type, const QJsonObject& data)
{
    CardFacts facts;
    facts.data = data;
    if (type == PackageType::Model) {
        facts.pipelineTag = data.value(QLatin1String("pipeline_tag")).toString();
        facts.libraryName = data.value(QLatin1String("library_name")).toString();
        addTags(ModelFields, data, facts.tags);
    } else {
        addTags(DatasetFields, data, facts.tags);
    }
    addTags(CommonFields, data, facts.tags);
    facts.tags.removeDuplicates();
    return facts;
}

} // namespace

RepoPath Card::path()
{
    return RepoPath::parse("README.md").value();
}

Card Card::parse(PackageType type, QByteArrayView readme, qsizetype maxFrontMatterBytes)
{
    Card card;
    const auto matter = findFrontMatter(readme);
    if (!matter) {
        card.warnings.push_back({QStringLiteral("empty or missing yaml metadata in repo card"), 0});
        return card;
    }
    card.hasFrontMatter = true;
    const auto complain = [&](const QString& message, int line) {
        card.errors.push_back({message, matter->firstLine + line});
    };
    if (matter->yaml.size() > maxFrontMatterBytes) {
        complain(QStringLiteral("The metadata is longer than %1 bytes").arg(maxFrontMatterBytes), 0);
        return card;
    }
    const YamlJson yaml = YamlJson::parse(matter->yaml, {MaxDepth, MaxValues, MaxTextBytes});
    if (!yaml.problem.isEmpty())
        complain(yaml.problem, yaml.line);
    else if (yaml.value.isNull())
        card.warnings.push_back({QStringLiteral("empty or missing yaml metadata in repo card"), 0});
    else if (!yaml.value.isObject())
        complain(QStringLiteral("The metadata must be a mapping of names to values"), 0);
    else
        card.facts = factsFrom(type, yaml.value.toObject());
    return card;
}

} // namespace hublet::catalog
