using Candor.Contract;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Setup;

/// <summary>Logs once, at start-up, how the contract that the stack passed on differs from the code, and its unknown properties.</summary>
internal sealed class ContractNotice(ContractEnvironment environment, ILogger<ContractNotice> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.Notice is { } notice)
        {
            log.UnknownProperties(notice);
        }

        if (environment.Differences is { Count: > 0 } differences)
        {
            log.ContractDiffers(ContractEnvironment.ContractVariable, string.Join(", ", differences));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
