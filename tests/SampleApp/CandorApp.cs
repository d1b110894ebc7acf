using Candor.Contract;
using Candor.Health;
using Candor.Health.Postgres;
using Npgsql;

namespace Candor.SampleApp;

/// <summary>The app with the two lines.</summary>
internal static class CandorApp
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var database = builder.Configuration.GetConnectionString("database");
        builder.AddCandor(
            database is null
                ? new HealthContract()
                : new HealthContract { Dependencies = [new() { Name = "database", Kind = DependencyKind.Postgres }] });
        if (database is not null)
        {
            builder.Services.AddCandorPostgres();
            builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(database));
        }

        var app = builder.Build();
        app.MapCandor();
        return app;
    }
}
