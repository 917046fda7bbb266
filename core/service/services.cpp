// SPDX-License-Identifier: Apache-2.0
#include "core/service/services.h"

#include "core/catalog/reading/catalog.h"
#include "core/catalog/writing/claimwriter.h"
#include "core/catalog/writing/commitwriter.h"
#include "core/catalog/writing/discussionwriter.h"
#include "core/catalog/writing/packagewriter.h"
#include "core/catalog/writing/refwriter.h"
#include "core/catalog/writing/repositorywriter.h"
#include "core/service/context/repositoryclasses.h"
#include "core/service/context/servicecontext.h"
#include "core/service/xet/xetconversion.h"
#include "core/store/contentstore.h"

namespace hublet::service {

namespace {

constexpr QStringView FirstRepository(u"hf-local");
constexpr int LongWorkers = 4; // threads for work that takes minutes

const Clock& systemClock()
{
    static const SystemClock clock;
    return clock;
}

/// What lies below the services, in the order of its making.
struct Foundation {
    const Clock& clock;
    std::unique_ptr<DataFolder> dataFolder{};
    std::unique_ptr<Settings> settings{};
    QStringList warnings{};
    std::unique_ptr<db::Database> database{};
    std::unique_ptr<store::ContentStore> store{};
    RepositoryClasses repositoryClasses{};
    std::unique_ptr<access::Directory> directory{};

    ~Foundation();
    [[nodiscard]] Result<void> open(const Services::Options& options);
};

Foundation::~Foundation()
{
    if ((store && store->isReadOnly()) || (database && !database->acceptsWrites()))
        dataFolder->noteFailedSync();
}

Result<void> Foundation::open(const Services::Options& options)
{
    auto openedFolder = DataFolder::open(options.dataFolder);
    if (!openedFolder)
        return forward(openedFolder);
    dataFolder = std::move(*openedFolder);

    auto openedSettings = Settings::open(dataFolder->settingsFile());
    if (!openedSettings)
        return forward(openedSettings);
    settings = std::move(*openedSettings);

    db::DatabaseOptions databaseOptions;
    databaseOptions.file = dataFolder->databaseFile();
    if (!options.database.isEmpty()) {
        databaseOptions.driver = QStringLiteral("QPSQL");
        databaseOptions.connection = options.database;
    }
    auto openedDatabase = db::Database::open(databaseOptions, dataFolder->wasUncleanStop(), &warnings);
    if (!openedDatabase)
        return forward(openedDatabase);
    database = std::move(*openedDatabase);

    store::StoreOptions storeOptions;
    storeOptions.folder = dataFolder->storeFolder();
    auto openedStore = store::ContentStore::open(storeOptions, *database, clock);
    if (!openedStore)
        return forward(openedStore);
    store = std::move(*openedStore);
    dataFolder->noteChecked();

    access::DirectoryOptions directoryOptions;
    directoryOptions.repositoryClassOf = [this](const RepositoryKey& key) {
        return repositoryClasses.classOf(key);
    };
    auto openedDirectory = access::Directory::open(*database, clock, directoryOptions);
    if (!openedDirectory)
        return forward(openedDirectory);
    directory = std::move(*openedDirectory);
    return {};
}

/// What stands on an open foundation; made and destroyed as a whole.
struct Building {
    Building(Foundation& base, int workerCount, bool converts)
        : catalog(*base.database), repositoryWriter(catalog, base.clock),
          packageWriter(catalog, *base.store, base.clock), commitWriter(catalog, *base.store, base.clock),
          refWriter(catalog, base.clock), discussionWriter(catalog, base.clock),
          claimWriter(catalog, base.clock), policy(*base.directory), authenticator(*base.directory),
          transfers(base.clock), context{base.clock,     *base.dataFolder,
                                         *base.settings, *base.database,
                                         *base.store,    *base.directory,
                                         policy,         base.repositoryClasses,
                                         catalog,        repositoryWriter,
                                         packageWriter,  commitWriter,
                                         refWriter,      discussionWriter,
                                         claimWriter,    events,
                                         transfers,      base.warnings},
          browse(catalog, *base.store, policy), packages(context), uploads(context), xet(context),
          xetAccess(context), discussions(context), conversion(context, converts),
          repositories(context, conversion), maintenance(context), workers(workerCount)
    {
    }

    catalog::Catalog catalog;
    catalog::RepositoryWriter repositoryWriter;
    catalog::PackageWriter packageWriter;
    catalog::CommitWriter commitWriter;
    catalog::RefWriter refWriter;
    catalog::DiscussionWriter discussionWriter;
    catalog::ClaimWriter claimWriter;
    access::Policy policy;
    access::Authenticator authenticator;
    EventBus events;
    Transfers transfers;
    ServiceContext context;
    Browse browse;
    Packages packages;
    Uploads uploads;
    Xet xet;
    XetAccess xetAccess;
    Discussions discussions;
    XetConversion conversion;
    Repositories repositories;
    Maintenance maintenance;
    DownloadCounter downloads;
    Housekeeping housekeeping{context, downloads, maintenance};
    DiskTransfers diskTransfers{context, browse, uploads};
    WorkerPool longWorkers{LongWorkers};
    WorkerPool workers; ///< last: waits for work that uses the rest before the rest goes
};

} // namespace

struct Services::Private {
    explicit Private(const Clock& clock) : base{clock} {}

    Foundation base;
    std::optional<Building> building;
    std::optional<FirstRun> firstRun;

    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> makeFirstRepository();
};

/// Fills the memory from the database; on a new data folder first fills the database.
Result<void> Services::Private::prepare()
{
    const auto repositories = building->catalog.repositories();
    if (!repositories)
        return forward(repositories);
    base.repositoryClasses.set(*repositories);
    for (const catalog::Repository& repository : *repositories)
        building->conversion.check(repository.key);
    // The first user comes last: if this start is cut short, the next one is the first again.
    if (base.directory->users().isEmpty() && repositories->empty()) {
        if (const auto made = makeFirstRepository(); !made)
            return forward(made);
    }
    const auto made = base.directory->firstRun();
    if (!made)
        return forward(made);
    if (*made) {
        firstRun = FirstRun{(*made)->userName, QString::fromUtf8((*made)->password),
                            QString::fromLatin1((*made)->token.secret)};
    }
    return {};
}

Result<void> Services::Private::makeFirstRepository()
{
    const auto key = RepositoryKey::parse(FirstRepository);
    if (!key)
        return forward(key);
    const auto permit = building->policy.checkAdmin(access::Principal::owner());
    if (!permit)
        return forward(permit);
    const auto repository = building->repositories.create(*permit, *key, {});
    if (!repository)
        return forward(repository);
    SettingsValues values = base.settings->values();
    if (values.defaultRepository)
        return {};
    values.defaultRepository = *key;
    return base.settings->change(values);
}

Services::Services() = default;

Services::~Services()
{
    d->building->longWorkers.waitForDone();
    d->building->workers.waitForDone();
}

Result<std::unique_ptr<Services>> Services::open(const Options& options)
{
    auto d = std::make_unique<Private>(options.clock ? *options.clock : systemClock());
    if (const auto opened = d->base.open(options); !opened)
        return forward(opened);
    d->building.emplace(d->base, options.workers, options.converts);
    if (const auto prepared = d->prepare(); !prepared)
        return forward(prepared);
    std::unique_ptr<Services> services(new Services);
    services->d = std::move(d);
    return services;
}

const std::optional<FirstRun>& Services::firstRun() const
{
    return d->firstRun;
}
const QStringList& Services::warnings() const
{
    return d->base.warnings;
}
const DataFolder& Services::dataFolder() const
{
    return *d->base.dataFolder;
}
Settings& Services::settings()
{
    return *d->base.settings;
}
WorkerPool& Services::workers()
{
    return d->building->workers;
}
EventBus& Services::events()
{
    return d->building->events;
}
Transfers& Services::transfers()
{
    return d->building->transfers;
}
DownloadCounter& Services::downloads()
{
    return d->building->downloads;
}
Housekeeping& Services::housekeeping()
{
    return d->building->housekeeping;
}
access::Directory& Services::directory()
{
    return *d->base.directory;
}
access::Authenticator& Services::authenticator()
{
    return d->building->authenticator;
}
const access::Policy& Services::policy() const
{
    return d->building->policy;
}
Browse& Services::browse()
{
    return d->building->browse;
}
Packages& Services::packages()
{
    return d->building->packages;
}
Uploads& Services::uploads()
{
    return d->building->uploads;
}
Xet& Services::xet()
{
    return d->building->xet;
}
XetAccess& Services::xetAccess()
{
    return d->building->xetAccess;
}
Discussions& Services::discussions()
{
    return d->building->discussions;
}
Repositories& Services::repositories()
{
    return d->building->repositories;
}
Maintenance& Services::maintenance()
{
    return d->building->maintenance;
}

const DiskTransfers& Services::diskTransfers()
{
    return d->building->diskTransfers;
}

WorkerPool& Services::longWorkers()
{
    return d->building->longWorkers;
}

} // namespace hublet::service
