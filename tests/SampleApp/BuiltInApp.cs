using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Candor.SampleApp;

/// <summary>The same with the framework's health checks: the same disk and database checks, on one port.</summary>
internal static class BuiltInApp
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var checks = builder.Services.AddHealthChecks()
            .AddCheck("disk", () => FreeShare() < 0.05 ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
        if (builder.Configuration.GetConnectionString("database") is { } database)
        {
            var source = NpgsqlDataSource.Create(database);
            builder.Services.AddSingleton(_ => source);
            checks.AddAsyncCheck("database", async token =>
            {
                await using var command = source.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync(token);
                return HealthCheckResult.Healthy();
            });
        }

        var app = builder.Build();
        app.MapHealthChecks("/health");
        return app;
    }

    private static double FreeShare()
    {
        var disk = new DriveInfo(Path.GetTempPath());
        return (double)disk.AvailableFreeSpace / disk.TotalSize;
    }
}
