using Candor.Health.Checks;
using Candor.Health.Management;
using Candor.Health.Settings;
using Candor.Health.Setup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health;

/// <summary>The second of the two lines that an app writes.</summary>
public static class CandorApplicationExtensions
{
    /// <summary>
    /// Serves health, in every environment: the public paths on the contract's port, everything else on its management port. No
    /// middleware of the app stands before them, whatever the order in which it is added.
    /// </summary>
    /// <param name="app">The application, built by a builder with <c>AddCandor</c>.</param>
    /// <returns>The same application.</returns>
    /// <exception cref="InvalidSettingException">The builder was not given <c>AddCandor</c>, or something that the contract dials is not registered.</exception>
    public static WebApplication MapCandor(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var guard = app.Services.GetService<MappingGuard>()
            ?? throw new InvalidSettingException("MapCandor()", "without AddCandor", "builder.AddCandor(contract) before the app is built", "Add it.");
        guard.CheckNames();
        guard.Endpoints = app;
        _ = app.Services.GetRequiredService<DependencyChecks>();
        _ = app.Services.GetRequiredService<HealthMeter>();
        return app;
    }
}
