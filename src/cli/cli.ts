#!/usr/bin/env node
import { main } from './main.ts';

declare const PAS_MIGRATION_VERSION: string;

process.exitCode = await main(process.argv.slice(2), PAS_MIGRATION_VERSION);
