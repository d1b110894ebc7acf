using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Management;
using Candor.Health.Settings;
using Candor.Health.Setup;
using Microsoft.AspNetCore.Builder;

namespace Candor.Health;

/// <summary>The first of the two lines that an app writes.</summary>
public static class CandorBuilderExtensions
{
    /// <summary>
    /// Adds health by the contract: its ports, paths, checks, watchdog and drain. The environment variable <c>CANDOR_CONTRACT</c>,
    /// when it is set, replaces <paramref name="contract"/>: the infrastructure that set it believes in that one.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="contract">The contract to use without the variable.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidContractException">The contract, given or from the environment, does not hold; it carries every violation.</exception>
    /// <exception cref="InvalidSettingException"><c>CANDOR_BIND</c> or <c>CANDOR_DISK</c> cannot be used.</exception>
    public static WebApplicationBuilder AddCandor(this WebApplicationBuilder builder, HealthContract contract)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(contract);
        return builder.AddCandor(ContractEnvironment.Load(name => builder.Configuration[name], contract));
    }

    /// <summary>The same with a contract that was loaded already.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="environment">The contract and the speed to run it at.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidContractException">The contract does not hold; it carries every violation.</exception>
    /// <exception cref="InvalidSettingException"><c>CANDOR_BIND</c> or <c>CANDOR_DISK</c> cannot be used.</exception>
    public static WebApplicationBuilder AddCandor(this WebApplicationBuilder builder, ContractEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(environment);
        if (ContractValidator.Validate(environment.Contract) is { Count: > 0 } violations)
        {
            throw new InvalidContractException("AddCandor", violations);
        }

        var contract = environment.Effective;
        var address = ListenAddress.Parse(builder.Configuration[ListenAddress.Variable]);
        builder.Services
            .AddEngine(environment, contract)
            .AddDependencies(contract, DiskPath.Parse(builder.Configuration[DiskPath.Variable]))
            .AddWatchdog(contract)
            .AddDrain(contract)
            .AddServing(contract, address, new(builder.Configuration[ManagementToken.Variable]));
        return builder;
    }
}
