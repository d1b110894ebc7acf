using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Management;
using Candor.Health.Settings;
using Candor.Health.Setup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Candor.Health;

/// <summary>The first of the two lines that an app writes.</summary>
public static class CandorBuilderExtensions
{
    /// <summary>
    /// Adds health by the contract: its ports, paths, checks, watchdog and drain. The environment variable <c>CANDOR_CONTRACT</c>,
    /// when it is set, replaces <paramref name="contract"/>: the infrastructure that set it uses that one.
    /// </summary>
    /// <typeparam name="TBuilder">
    /// A <c>WebApplicationBuilder</c>, whose app then calls <c>MapCandor</c>; or another host's builder, such as a worker's, where this is the
    /// only line, and health has a server of its own.
    /// </typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="contract">The contract to use without the variable.</param>
    /// <param name="configure">Switches parts off; the configuration's section <c>Candor</c> has the last word, such as <c>Candor__Watchdog=false</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidContractException">The contract, given or from the environment, does not hold; it carries every violation.</exception>
    /// <exception cref="InvalidSettingException"><c>CANDOR_BIND</c> or <c>CANDOR_DISK</c> cannot be used, or it was called already.</exception>
    public static TBuilder AddCandor<TBuilder>(this TBuilder builder, HealthContract contract, Action<CandorOptions>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(contract);
        return builder.AddCandor(ContractEnvironment.Load(name => builder.Configuration[name], contract), configure);
    }

    /// <summary>The same with a contract that was loaded already.</summary>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="environment">The contract and the speed to run it at.</param>
    /// <param name="configure">Switches parts off.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidContractException">The contract does not hold; it carries every violation.</exception>
    /// <exception cref="InvalidSettingException"><c>CANDOR_BIND</c> or <c>CANDOR_DISK</c> cannot be used, or it was called already.</exception>
    public static TBuilder AddCandor<TBuilder>(this TBuilder builder, ContractEnvironment environment, Action<CandorOptions>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(environment);
        if (ContractValidator.Validate(environment.Contract) is { Count: > 0 } violations)
        {
            throw new InvalidContractException("AddCandor", violations);
        }

        if (builder.Services.Any(service => service.ServiceType == typeof(ContractEnvironment)))
        {
            throw new InvalidSettingException("AddCandor", "called twice", "one call, with the contract of the whole app", "Remove one of them.");
        }

        var contract = environment.Effective;
        var address = ListenAddress.Parse(builder.Configuration[ListenAddress.Variable], OnlyThisMachine(builder));
        var services = builder.Services;
        services.AddOptions<CandorOptions>().Configure(options =>
        {
            configure?.Invoke(options);
            ConfiguredOptions.Apply(builder.Configuration, options);
        });
        services
            .AddEngine(environment, contract)
            .AddDependencies(contract, DiskPath.Parse(builder.Configuration[DiskPath.Variable]))
            .AddWatchdog(contract)
            .AddOperations(contract)
            .AddDrain(contract)
            .AddServing(address, new(builder.Configuration[ManagementToken.Variable]));
        _ = builder is WebApplicationBuilder ? services.AddToServer() : services.AddHostedService<StandaloneServer>();
        return builder;
    }

    // On a developer's machine the app is for local access only; a container and what Candor deploys are reached from elsewhere.
    private static bool OnlyThisMachine(IHostApplicationBuilder builder) =>
        builder.Environment.IsDevelopment()
        && string.IsNullOrEmpty(builder.Configuration[ContractEnvironment.ContractVariable])
        && builder.Configuration["DOTNET_RUNNING_IN_CONTAINER"] is not ("true" or "1");
}
